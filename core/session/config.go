package session

import (
	"fmt"
	"math"
	"runtime"
	"time"

	"rnnscope/core/rnn"
	"rnnscope/core/say"
	"rnnscope/core/train"
)

// Config is everything beside the text that makes a run what it is. run.json
// keeps it.
type Config struct {
	Model  rnn.Config   `json:"model"` // Vocab is the text's
	Init   string       `json:"init"`
	Forget *float64     `json:"forget_bias,omitempty"`
	Train  train.Config `json:"train"`
	Batch  int          `json:"batch"`  // B
	Window int          `json:"window"` // K, the truncation of backpropagation

	// The first limit reached ends a run; 0 is none.
	Updates int64         `json:"updates,omitempty"`
	Epochs  float64       `json:"epochs,omitempty"`
	For     time.Duration `json:"for,omitempty"`

	EvalEvery   int64         `json:"eval_every"`            // updates; 0 chooses, see evalEvery
	SaveEvery   int64         `json:"save_every"`            // updates; 0 goes by time
	SaveAfter   time.Duration `json:"save_after,omitempty"`  // 0 is a minute
	History     int64         `json:"history"`               // bytes of weights kept of earlier updates; 0 keeps none
	TensorBoard bool          `json:"tensorboard,omitempty"` // write an event file too
	Threads     int           `json:"-"`                     // changes no result
	Kernel      string        `json:"-"`                     // likewise, portable excepted
}

// Defaults is the model that opens when nothing is asked for. The default text is
// small enough to be learnt by heart, so the model is one that two minutes do not
// suffice to spoil: two layers with half of what passes between them dropped out,
// whose validation loss still falls then (two cores of a Zen 4), where a single
// layer of as many units overfits within half a minute. Of such models it is one
// that a start does not wait for, and whose progress can be seen by the second; one
// of twice the units overtakes it after those two minutes.
func Defaults() Config {
	c := Config{
		Model: rnn.Config{Cell: "lstm", Embed: 64, Hidden: 128, Layers: 2, Dropout: 0.5},
		Init:  "pytorch", Train: train.Defaults(), Batch: 32, Window: 64,
		History: 64 << 20, Threads: runtime.GOMAXPROCS(0), Kernel: "auto",
	}
	c.Train.Dropout = c.Model.Dropout
	return c
}

// Validate says what is wrong with c in the words of the flags. The vocabulary
// is not known yet.
func (c Config) Validate() error {
	m := c.Model
	m.Vocab = 1
	if err := m.Validate(); err != nil {
		return err
	}
	if err := c.Train.Validate(); err != nil {
		return err
	}
	if _, err := rnn.ParseInit(c.Init); err != nil {
		return err
	}
	for _, v := range []struct {
		name           string
		n, least, most int64
	}{
		{"batch", int64(c.Batch), 1, rnn.Most}, {"window", int64(c.Window), 1, rnn.Most}, {"threads", int64(c.Threads), 1, 1024},
		{"updates", c.Updates, 0, 1 << 40}, {"eval-every", c.EvalEvery, 0, 1 << 40}, {"save-every", c.SaveEvery, 0, 1 << 40}, {"history", c.History, 0, 1 << 40},
	} {
		if v.n < v.least || v.n > v.most {
			return say.Errorf("%s must be from %d to %d, not %d", v.name, v.least, v.most, v.n)
		}
	}
	if !(c.Epochs >= 0) || math.IsInf(c.Epochs, 0) || c.For < 0 {
		return say.Errorf("epochs and for must be 0 (no limit) or positive numbers, not %v and %v", c.Epochs, c.For)
	}
	if c.Forget != nil && (math.IsNaN(*c.Forget) || math.IsInf(*c.Forget, 0)) {
		return say.Errorf("forget-bias must be a number, not %v", *c.Forget)
	}
	if c.Train.Schedule.Kind == "cosine" && c.Updates == 0 && c.Epochs == 0 {
		return say.Errorf("schedule cosine needs to know the end: set updates or epochs")
	}
	return nil
}

// Preset is a named configuration from the literature. Level is the unit of
// text it was made for.
type Preset struct {
	Name, Title string
	Level       string
	Config      Config
}

// Presets is the table of them. Where a paper's code sums the gradient over
// the K steps of a window and this program takes the mean, rates and
// thresholds are converted: lr·K and clip/K make the same updates.
func Presets() []Preset {
	base := Defaults()
	lecture := base
	lecture.Model = rnn.Config{Cell: "rnn", Embed: 256, Hidden: 512, Layers: 2, Dropout: 0.3}
	lecture.Batch, lecture.Window = 32, 35
	lecture.Train.LR = 1e-3

	one := 1.0
	charRNN := base
	charRNN.Model = rnn.Config{Cell: "lstm", Embed: 64, Hidden: 128, Layers: 2}
	charRNN.Batch, charRNN.Window, charRNN.Epochs = 50, 50, 50
	charRNN.Train = train.Config{Optimizer: "rmsprop", LR: 2e-3, ClipValue: 5.0 / 50, Seed: 1, Schedule: train.Schedule{Kind: "step", Epoch: 10, Factor: 0.97}}
	charRNN.Init, charRNN.Forget = "uniform:0.08", &one

	zaremba := func(hidden int, dropout, init float64, window int, after, factor, epochs float64) Config {
		z := base
		z.Model = rnn.Config{Cell: "lstm", Embed: hidden, Hidden: hidden, Layers: 2, Dropout: dropout}
		z.Batch, z.Window, z.Init, z.Epochs = 20, window, fmt.Sprintf("uniform:%v", init), epochs
		z.Train = train.Config{Optimizer: "sgd", LR: float64(window), Clip: 5 / float64(window), Seed: 1, Schedule: train.Schedule{Kind: "step", Epoch: after, Factor: factor}}
		return z
	}
	return []Preset{
		{"lecture", "the lecture's word model: RNN 2x512, embedding 256, dropout 0.3", "word", lecture},
		{"char-rnn", "after Karpathy 2015: character LSTM 2x128, values clipped; an embedding in place of one-hot input", "char", charRNN},
		{"zaremba-small", "Zaremba et al. 2014, small: word LSTM 2x200, SGD", "word", zaremba(200, 0, 0.1, 20, 4, 0.5, 13)},
		{"zaremba-medium", "after Zaremba et al. 2014, medium: word LSTM 2x650, SGD, dropout between layers only", "word", zaremba(650, 0.5, 0.05, 35, 6, 1/1.2, 39)},
	}
}
