package lag

import (
	"math"
	"time"

	"rnnscope/core/kernel"
	"rnnscope/core/rnn"
	"rnnscope/core/say"
	"rnnscope/core/scope"
	"rnnscope/core/train"
)

// The published protocol: this many fresh sequences every so many updates, and
// what they must show.
const (
	evalEvery     = 50
	evalSequences = 400
	enoughRight   = 0.99 // accuracy, of classes
	enoughNear    = 0.01 // mean squared error, of the adding problem
)

// embedding is the size of learnt embeddings.
const embedding = 16

// never is the output bias of a symbol that is no class: its probability is 0
// and it is not learnt, so that the output has as many rows as there are
// classes, whatever the number of input symbols.
const never = -1e4

// Options are how a trial is followed. Stop is asked between updates.
type Options struct {
	Kernel *kernel.Set // nil chooses the best
	Stop   func() bool
	Point  func(scope.TrialPoint)
}

// Validate says what is wrong with a trial in the words of the flags.
func Validate(c scope.Trial) error {
	t, err := taskOf(c.Task)
	if err != nil {
		return err
	}
	if c.Lag < t.least || c.Lag > t.most {
		return say.Errorf("lag of the %s task must be from %d to %d, not %d", t.name, t.least, t.most, c.Lag)
	}
	if c.Input != "onehot" && c.Input != "embedding" && c.Input != "values" {
		return say.Errorf("input must be onehot or embedding, not %q", c.Input)
	}
	if c.ForgetBias != nil && (math.IsNaN(float64(*c.ForgetBias)) || math.IsInf(float64(*c.ForgetBias), 0)) {
		return say.Errorf("forget-bias must be a number, not %v", float64(*c.ForgetBias))
	}
	for _, v := range []struct {
		name    string
		n, most int64
	}{{"batch", int64(c.Batch), 1 << 14}, {"updates", c.Limit, 1 << 40}} {
		if v.n < 1 || v.n > v.most {
			return say.Errorf("%s must be from 1 to %d, not %d", v.name, v.most, v.n)
		}
	}
	if steps := t.steps(c.Lag) * c.Batch; steps > 1<<22 {
		return say.Errorf("a batch of %d sequences of %d steps is too large; make batch or lag smaller", c.Batch, t.steps(c.Lag))
	}
	if _, err := rnn.ParseInit(c.Init); err != nil {
		return err
	}
	if err := modelOf(t, c).Validate(); err != nil {
		return err
	}
	return trainingOf(t, c).Validate()
}

// canonical is the trial with what its task and cell do not have set to what
// they have: an activation and a forget bias of the cells without one, the
// input of a task of numbers.
func canonical(c scope.Trial) scope.Trial {
	if c.Cell != "rnn" {
		c.Activation = "tanh"
	}
	if c.Cell != "lstm" {
		zero := scope.Number(0)
		c.ForgetBias = &zero
	}
	if t, err := taskOf(c.Task); err == nil && t.symbols == 0 {
		c.Input = "values"
	}
	return c
}

func modelOf(t *problem, c scope.Trial) rnn.Config {
	m := rnn.Config{Cell: c.Cell, Activation: c.Activation, Hidden: c.Hidden, Layers: 1}
	switch {
	case t.symbols == 0:
		m.Vocab, m.Embed = max(1, t.classes), t.width
	case c.Input == "embedding":
		m.Vocab, m.Embed = max(t.symbols, t.classes), embedding
	default:
		m.Vocab = max(t.symbols, t.classes)
		m.Embed = m.Vocab
	}
	return m
}

func trainingOf(t *problem, c scope.Trial) train.Config {
	cfg := train.Config{Optimizer: "adam", LR: c.LR, Clip: c.Clip, Seed: c.Seed, FixEmbedding: t.symbols > 0 && c.Input == "onehot"}
	if t.classes == 0 {
		cfg.Chance = t.chance(c.Lag)
	}
	return cfg
}

// modelFor draws the trial's model as it is before training.
func modelFor(t *problem, c scope.Trial, set *kernel.Set) (*rnn.Model, error) {
	m, err := rnn.New(modelOf(t, c), set)
	if err != nil {
		return nil, err
	}
	rule, err := rnn.ParseInit(c.Init)
	if err != nil {
		return nil, err
	}
	if c.ForgetBias != nil && c.Cell == "lstm" {
		bias := float64(*c.ForgetBias)
		rule.ForgetBias = &bias
	}
	if err := m.Init(rule, c.Seed); err != nil {
		return nil, err
	}
	for _, p := range m.Tensors() {
		switch {
		case p.Name == "embedding.weight" && t.symbols > 0 && c.Input == "onehot":
			clear(p.Value.Data)
			for i := range m.Vocab {
				p.Value.Data[i*m.Embed+i] = 1
			}
		case p.Name == "fc.bias" && t.classes > 0:
			for v := t.classes; v < m.Vocab; v++ {
				p.Value.Data[v] = never
			}
		}
	}
	m.Pack()
	return m, nil
}

// RunTrial trains until the task is solved, the updates are used up, training
// diverges or Stop says so; then the error is ErrStopped. It runs on the
// caller's goroutine alone.
func RunTrial(c scope.Trial, o Options) (*scope.TrialResult, error) {
	c = canonical(c)
	if err := Validate(c); err != nil {
		return nil, err
	}
	t, err := taskOf(c.Task)
	if err != nil {
		return nil, err
	}
	set := o.Kernel
	if set == nil {
		set = kernel.Available()[0]
	}
	began := time.Now()
	m, err := modelFor(t, c, set)
	if err != nil {
		return nil, err
	}
	team := kernel.NewTeam(1)
	r := &scope.TrialResult{Trial: c, Chance: t.chance(c.Lag), Final: scope.Number(math.NaN()), Accuracy: scope.Number(math.NaN()), Curve: []scope.TrialPoint{}}
	if c.ForgetBias == nil {
		r.Biases = "as drawn"
	}
	arrival(m, t, c, team, r)
	trainer, err := train.New(m, newSource(t, c.Lag, c.Batch, c.Seed, streamTraining), team, trainingOf(t, c))
	if err != nil {
		return nil, err
	}
	examine := newExam(m, t, c, team)
	for r.Updates < c.Limit && !r.Solved {
		if o.Stop != nil && o.Stop() {
			return nil, ErrStopped
		}
		_, err := trainer.Step()
		r.Updates = trainer.Updates()
		if err != nil {
			r.Reason = err.Error()
			break
		}
		if r.Updates%evalEvery != 0 && r.Updates != c.Limit {
			continue
		}
		loss, accuracy := examine.sit()
		p := scope.TrialPoint{Update: r.Updates, Loss: scope.Number(loss), Accuracy: scope.Number(accuracy)}
		r.Curve = append(r.Curve, p)
		r.Final, r.Accuracy = p.Loss, p.Accuracy
		r.Solved = t.classes > 0 && accuracy >= enoughRight || t.classes == 0 && loss < enoughNear
		if o.Point != nil {
			o.Point(p)
		}
	}
	r.Seconds = time.Since(began).Seconds()
	return r, nil
}
