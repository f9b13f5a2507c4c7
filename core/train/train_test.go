package train

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"rnnscope/core/kernel"
	"rnnscope/core/rnn"
	"rnnscope/core/say"
	"rnnscope/core/scope"
)

// cycle is a source that reads B streams of a text round and round.
type cycle struct {
	text []int32
	T, B int
	at   int64
	last bool // reset before every window
}

func (c *cycle) Shape() (int, int)            { return c.T, c.B }
func (c *cycle) Windows() int                 { return (len(c.text)/c.B - 1) / c.T }
func (c *cycle) Position() (int64, int64)     { return c.at / c.epoch(), c.at % c.epoch() }
func (c *cycle) SeekTo(epoch, at int64) error { c.at = epoch*c.epoch() + at; return nil }
func (c *cycle) epoch() int64                 { return int64(c.Windows() * c.T) }

func (c *cycle) Next(x, y []int32) bool {
	from := c.at % c.epoch()
	for t := range c.T {
		for b := range c.B {
			i := b*(len(c.text)/c.B) + int(from) + t
			x[t*c.B+b], y[t*c.B+b] = c.text[i], c.text[i+1]
		}
	}
	c.at += int64(c.T)
	return from == 0 || c.last
}

func random(n, vocab int) []int32 {
	g := rand.New(rand.NewPCG(3, 4))
	text := make([]int32, n)
	for i := range text {
		// Each token usually follows from the one before, so that there is something to learn.
		text[i] = int32(g.IntN(vocab))
		if i > 0 && g.IntN(4) > 0 {
			text[i] = (text[i-1]*3 + 1) % int32(vocab)
		}
	}
	return text
}

func trainer(t *testing.T, c rnn.Config, cfg Config, source Source, workers int) *Trainer {
	t.Helper()
	m, err := rnn.New(c, kernel.Available()[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Init(rnn.Init{}, 5); err != nil {
		t.Fatal(err)
	}
	team := kernel.NewTeam(workers)
	t.Cleanup(team.Close)
	tr, err := New(m, source, team, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// one is a source of the same batch over and over, from a zero state.
type one struct {
	x, y [][]int // [B][T]
}

func (o one) Shape() (int, int)         { return len(o.x[0]), len(o.x) }
func (o one) Windows() int              { return 1 }
func (o one) Position() (int64, int64)  { return 0, 0 }
func (o one) SeekTo(int64, int64) error { return nil }
func (o one) Next(x, y []int32) (reset bool) {
	B := len(o.x)
	for b := range o.x {
		for t := range o.x[b] {
			x[t*B+b], y[t*B+b] = int32(o.x[b][t]), int32(o.y[b][t])
		}
	}
	return true
}

// single is float32 against PyTorch's float32, relative to the tensor's
// largest magnitude: sums in another order, through five updates.
const single = 1e-5

func TestUpdatesEqualPyTorch(t *testing.T) {
	for _, name := range []string{"rnn1", "rnn2", "gru1", "gru2", "lstm1", "lstm2"} {
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile("../rnn/testdata/pytorch/" + name + "_f32.json")
			if err != nil {
				t.Fatal(err)
			}
			var f struct {
				Cell                 string
				Layers, V, E, H      int
				X, Y                 [][]int
				Params               map[string]struct{ Data []float64 }
				Clip                 struct{ Max_norm, Total_norm float64 }
				Loss                 float64
				After_adam_1         map[string][]float64
				Losses_steps_2_5     []float64
				After_adam_5_fc_bias []float64
			}
			if err := json.Unmarshal(text, &f); err != nil {
				t.Fatal(err)
			}
			tr := trainer(t, rnn.Config{Cell: f.Cell, Vocab: f.V, Embed: f.E, Hidden: f.H, Layers: f.Layers},
				Config{Optimizer: "adam", LR: 1e-2, Clip: f.Clip.Max_norm}, one{f.X, f.Y}, 2)
			for _, p := range tr.Model.Tensors() {
				for i, x := range f.Params[p.Name].Data {
					p.Value.Data[i] = float32(x)
				}
			}
			tr.Model.Pack()
			for i, want := range append([]float64{f.Loss}, f.Losses_steps_2_5...) {
				r, err := tr.Step()
				if err != nil {
					t.Fatal(err)
				}
				if math.Abs(r.Loss-want) > single*want {
					t.Errorf("loss of update %d: got %v, PyTorch %v", i+1, r.Loss, want)
				}
				if i > 0 {
					continue
				}
				if math.Abs(r.GradNorm-f.Clip.Total_norm) > single*f.Clip.Total_norm || r.Clipped != (f.Clip.Total_norm > f.Clip.Max_norm) {
					t.Errorf("gradient norm: got %v (clipped %v), PyTorch %v", r.GradNorm, r.Clipped, f.Clip.Total_norm)
				}
				for _, p := range tr.Model.Tensors() {
					same(t, p.Name+" after one update", p.Value.Data, f.After_adam_1[p.Name])
				}
			}
			last := tr.Model.Tensors()[len(tr.Model.Tensors())-1]
			same(t, last.Name+" after five updates", last.Value.Data, f.After_adam_5_fc_bias)
		})
	}
}

func same(t *testing.T, what string, got []float32, want []float64) {
	t.Helper()
	top, diff := 0.0, 0.0
	for i := range want {
		top = math.Max(top, math.Abs(want[i]))
		diff = math.Max(diff, math.Abs(float64(got[i])-want[i]))
	}
	if !(diff <= single*top) || len(got) != len(want) {
		t.Errorf("%s: off by %g of its largest magnitude %g", what, diff/top, top)
	}
}

// Every optimizer against its equations in float64, with weight decay and both
// ways of clipping.
func TestOptimizersEqualTheirEquations(t *testing.T) {
	const lr, decay = 0.01, 0.1
	rules := map[string]func(p, g float64, s *[2]float64, n int) float64{
		"sgd":      func(p, g float64, _ *[2]float64, _ int) float64 { return p - lr*g },
		"momentum": func(p, g float64, s *[2]float64, _ int) float64 { s[0] = 0.9*s[0] + g; return p - lr*s[0] },
		"rmsprop": func(p, g float64, s *[2]float64, _ int) float64 {
			s[0] = 0.99*s[0] + 0.01*g*g
			return p - lr*g/(math.Sqrt(s[0])+1e-8)
		},
		"adam": func(p, g float64, s *[2]float64, n int) float64 {
			s[0], s[1] = 0.9*s[0]+0.1*g, 0.999*s[1]+0.001*g*g
			return p - lr*(s[0]/(1-math.Pow(0.9, float64(n))))/(math.Sqrt(s[1]/(1-math.Pow(0.999, float64(n))))+1e-8)
		},
	}
	for _, o := range optimizers {
		rule := rules[o.name]
		if rule == nil {
			t.Errorf("%s has no equation here", o.name)
			continue
		}
		for _, cfg := range []Config{{Clip: 0.05}, {ClipValue: 0.002}, {}} {
			cfg.Optimizer, cfg.LR, cfg.WeightDecay = o.name, lr, decay
			tr := trainer(t, rnn.Config{Cell: "gru", Vocab: 9, Embed: 4, Hidden: 7, Layers: 1}, cfg, &cycle{text: random(400, 9), T: 5, B: 4}, 2)
			want := make([]float64, len(tr.Model.Weights()))
			for i, p := range tr.Model.Weights() {
				want[i] = float64(p)
			}
			state := make([][2]float64, len(want))
			for n := 1; n <= 3; n++ {
				r, err := tr.Step()
				if err != nil {
					t.Fatal(err)
				}
				for i, g := range tr.Model.Grads() { // with value clipping they are clipped in place
					g := float64(g)
					if cfg.Clip > 0 {
						g *= math.Min(1, cfg.Clip/(r.GradNorm+1e-6))
					}
					want[i] = rule(want[i], g+decay*want[i], &state[i], n)
				}
				if wantClip := cfg.Clip > 0 && r.GradNorm > cfg.Clip || cfg.ClipValue > 0; r.Clipped != wantClip {
					t.Errorf("%s %+v: clipped %v, want %v (norm %v)", o.name, cfg, r.Clipped, wantClip, r.GradNorm)
				}
				for _, g := range tr.Model.Grads() {
					if cfg.ClipValue > 0 && math.Abs(float64(g)) > float64(float32(cfg.ClipValue)) {
						t.Fatalf("%s: element %v left above %v", o.name, g, cfg.ClipValue)
					}
				}
				same(t, fmt.Sprintf("%s %+v update %d", o.name, cfg, n), tr.Model.Weights(), want)
			}
		}
	}
}

func TestCurveDoesNotDependOnWorkers(t *testing.T) {
	var want []float64
	for _, workers := range []int{1, 2, 3} {
		cfg := Defaults()
		cfg.Dropout = 0.3
		tr := trainer(t, rnn.Config{Cell: "lstm", Vocab: 12, Embed: 9, Hidden: 20, Layers: 2}, cfg, &cycle{text: random(2000, 12), T: 11, B: 6}, workers)
		var got []float64
		for range 40 {
			r, err := tr.Step()
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, r.Loss, r.GradNorm)
		}
		if want == nil {
			want = got
		}
		if !slices.Equal(got, want) {
			t.Errorf("%d workers: losses and norms differ from one worker's", workers)
		}
		if got[len(got)-2] >= got[0] {
			t.Errorf("loss went from %v to %v", got[0], got[len(got)-2])
		}
	}
}

// A run restored from a checkpoint in mid-epoch continues to the bit.
func TestRestoreContinuesExactly(t *testing.T) {
	for _, o := range optimizers {
		cfg := Config{Optimizer: o.name, LR: 0.01, Clip: 1, Dropout: 0.2, Seed: 8, Schedule: Schedule{Kind: "step", Epoch: 1, Factor: 0.5}}
		c := rnn.Config{Cell: "lstm", Vocab: 8, Embed: 6, Hidden: 10, Layers: 2}
		source := func() *cycle { return &cycle{text: random(600, 8), T: 7, B: 4} }
		run := trainer(t, c, cfg, source(), 1)
		steps(t, run, 30)
		saved := run.Checkpoint()
		vectors := map[string][]float32{}
		for _, v := range saved.Tensors {
			vectors[v.Name] = slices.Clone(v.Data)
		}
		text, err := json.Marshal(saved.Progress)
		if err != nil {
			t.Fatal(err)
		}
		want := steps(t, run, 25)

		again := trainer(t, c, cfg, source(), 2)
		var p Progress
		if err := json.Unmarshal(text, &p); err != nil {
			t.Fatal(err)
		}
		if err := again.Restore(p, func(name string) []float32 { return vectors[name] }); err != nil {
			t.Fatal(err)
		}
		if got := steps(t, again, 25); !slices.Equal(got, want) {
			t.Errorf("%s: losses after a restore differ:\n%v\n%v", o.name, got, want)
		}
		if err := again.Restore(p, func(string) []float32 { return nil }); err == nil {
			t.Errorf("%s: restored from an empty checkpoint", o.name)
		}
	}
}

func steps(t *testing.T, tr *Trainer, n int) []float64 {
	t.Helper()
	var losses []float64
	for range n {
		r, err := tr.Step()
		if err != nil {
			t.Fatal(err)
		}
		losses = append(losses, r.Loss)
	}
	return losses
}

// So can the message that a log of trials has.
func TestMessageOf(t *testing.T) {
	translate := func(english string) (string, bool) {
		s, ok := map[string]string{
			"%s in %s": "%[2]s 里%[1]s", "%s at update %d": "第 %[2]d 次更新：%[1]s", "%s (gradient norm %.3g the update before)": "%s（前一次 %.3g）", "gradient became NaN": "梯度变成 NaN",
			"average loss above %.3g for %d updates: %.3g": "%[2]d 次更新，高于 %.3[1]g：%.3[3]g",
		}[english]
		return s, ok
	}
	for _, c := range []struct {
		d    Diverged
		want string
	}{
		{Diverged{Update: 1, Reason: say.Textf("gradient became NaN"), Tensor: "rnn.weight_hh_l0"}, "第 1 次更新：rnn.weight_hh_l0 里梯度变成 NaN"},
		{Diverged{Update: 51, Reason: lossAbove(6.5499, 50, 6.18e30), NormBefore: 2.9512}, "第 51 次更新：50 次更新，高于 6.55：6.18e+30（前一次 2.95）"},
		{Diverged{Update: 2, Reason: say.Textf("gradient became NaN"), NormBefore: math.NaN()}, "第 2 次更新：梯度变成 NaN（前一次 NaN）"},
	} {
		english := c.d.Error()
		if got := MessageOf(english).Say(translate); got != c.want {
			t.Errorf("%q is %q, want %q", english, got, c.want)
		}
		if got := MessageOf(english).Say(nil); got != english {
			t.Errorf("%q is %q in English", english, got)
		}
	}
	for _, other := range []string{"", "stopped", "x at update 99999999999999999999"} {
		if got := MessageOf(other).Say(translate); got != other {
			t.Errorf("%q is %q", other, got)
		}
	}
}

// The reason that a run's metrics have in English can be said in any language.
func TestReasonOf(t *testing.T) {
	chinese := map[string]string{"loss became NaN": "NaN 了", "average loss above %.3g for %d updates: %.3g": "%[2]d 次更新，高于 %.3[1]g：%.3[3]g"}
	translate := func(english string) (string, bool) { s, ok := chinese[english]; return s, ok }
	for english, want := range map[string]string{
		lossAbove(5.2918, 50, 1234567).String(): "50 次更新，高于 5.29：1.23e+06",
		"loss became NaN":                       "NaN 了",
		"average loss above the roof":           "average loss above the roof",
		"":                                      "",
	} {
		if got := ReasonOf(english).Say(translate); got != want {
			t.Errorf("%q is %q, want %q", english, got, want)
		}
		if got := ReasonOf(english).Say(nil); got != english {
			t.Errorf("%q is %q in English", english, got)
		}
	}
}

func TestDivergence(t *testing.T) {
	c := rnn.Config{Cell: "rnn", Activation: "relu", Vocab: 8, Embed: 6, Hidden: 10, Layers: 1}
	t.Run("not finite", func(t *testing.T) {
		for broken := range 7 {
			tr := trainer(t, c, Config{Optimizer: "adam", LR: 0.01}, &cycle{text: random(600, 8), T: 7, B: 4}, 2)
			steps(t, tr, 300)
			good := slices.Clone(tr.Model.Weights())
			steps(t, tr, 30)
			bad := tr.Model.Tensors()[broken%len(tr.Model.Tensors())]
			bad.Value.Data[3] = float32(math.Inf(1))
			tr.Model.Pack()
			var err error
			for range 20 { // an embedding may not occur at once
				if _, err = tr.Step(); err != nil {
					break
				}
			}
			var d *Diverged
			if !errors.As(err, &d) || d.Update < 331 || d.Tensor != bad.Name || !(d.NormBefore > 0) || d.Good != 300 {
				t.Fatalf("%s broken: got %+v (%v)", bad.Name, d, err)
			}
			if at := tr.GoBack(); at != 300 || !slices.Equal(tr.Model.Weights(), good) {
				t.Errorf("went back to update %d, or to other weights", at)
			}
			steps(t, tr, 50) // and training goes on
		}
	})
	t.Run("rises", func(t *testing.T) {
		for _, trouble := range []int{460, 481, 519, 599} {
			tr := trainer(t, c, Config{Optimizer: "sgd", LR: 0.5, Clip: 1}, &cycle{text: random(600, 8), T: 7, B: 4}, 1)
			steps(t, tr, trouble)
			healthy := tr.Smoothed()
			tr.LR = 200
			var err error
			n := trouble
			for ; n < trouble+2000 && err == nil; n++ {
				_, err = tr.Step()
			}
			var d *Diverged
			if !errors.As(err, &d) || n < trouble+patience {
				t.Fatalf("after %d updates: %v", n, err)
			}
			at := tr.GoBack()
			if at != d.Good || at > int64(trouble) || at < int64(trouble-2*goodEvery-patience) {
				t.Errorf("trouble began after update %d; went back to %d", trouble, at)
			}
			tr.LR = 0.5
			again := steps(t, tr, 80)
			mean := 0.0
			for _, loss := range again[20:] {
				mean += loss / 60
			}
			if mean > 1.3*healthy {
				t.Errorf("loss %v after going back and on, %v before the trouble", mean, healthy)
			}
		}
	})
	t.Run("again", func(t *testing.T) {
		tr := trainer(t, c, Config{Optimizer: "sgd", LR: 0.5, Clip: 1}, &cycle{text: random(600, 8), T: 7, B: 4}, 1)
		steps(t, tr, 500)
		at := tr.GoBack()
		good := slices.Clone(tr.Model.Weights())
		bad := 3 * tr.Smoothed() // from the next update on, but not enough to be stopped
		tr.keep()
		for range 3 * goodEvery {
			tr.updates++
			tr.Model.Weights()[0] += 1
			tr.watch.remember(tr, bad)
		}
		if again := tr.GoBack(); again != at || !slices.Equal(tr.Model.Weights(), good) {
			t.Errorf("went back to update %d, and from losses three times as high to %d", at, again)
		}
	})
	t.Run("from the start", func(t *testing.T) {
		tr := trainer(t, c, Config{Optimizer: "sgd", LR: 1e30}, &cycle{text: random(600, 8), T: 7, B: 4}, 1)
		first := slices.Clone(tr.Model.Weights())
		var err error
		for n := 0; n < 200 && err == nil; n++ {
			_, err = tr.Step()
		}
		if err == nil {
			t.Fatal("did not diverge")
		}
		if at := tr.GoBack(); at != 0 || !slices.Equal(tr.Model.Weights(), first) {
			t.Errorf("went back to update %d, want the first weights", at)
		}
	})
}

func TestOverfit(t *testing.T) {
	var o Overfit
	losses := []float64{3, 2.5, 2.2, 2.0, 1.9, 1.95, 1.97, 2.0, 2.05, 2.1, 2.2}
	var said []int64
	for i, l := range losses {
		_, since, first := o.Look(int64(100*(i+1)), l, 3-0.1*float64(i))
		if first {
			said = append(said, since, int64(100*(i+1)))
		}
	}
	if !slices.Equal(said, []int64{500, 1000}) {
		t.Errorf("said %v, want overfitting since update 500, said once, at update 1000", said)
	}
	if o.Best != 1.9 || o.BestUpdate != 500 {
		t.Errorf("best %v at %d", o.Best, o.BestUpdate)
	}
	var calm Overfit
	for i := range 200 {
		if _, _, first := calm.Look(int64(i), 1.5+0.001*math.Sin(float64(i)), 1.5-0.001*float64(i)); first {
			t.Fatalf("noise of a thousandth was called overfitting at validation %d", i)
		}
	}
}

// Where the training loss rises too, nothing is learnt by heart.
func TestGettingWorseIsNotOverfitting(t *testing.T) {
	var o Overfit
	for i, l := range []float64{3, 2, 1, 1.2, 1.5, 1.8, 2, 2.2, 2.5, 3} {
		if _, since, _ := o.Look(int64(i), l, l-0.05); since != 0 {
			t.Fatalf("called overfitting at validation %d", i)
		}
	}
}

func TestSchedule(t *testing.T) {
	for _, c := range []struct {
		s           string
		epoch       int64
		done, total int64
		want        float64
	}{
		{"constant", 9, 5, 10, 1},
		{"step:4,0.5", 0, 0, 0, 1}, {"step:4,0.5", 3, 0, 0, 1}, {"step:4,0.5", 4, 0, 0, 0.5}, {"step:4,0.5", 6, 0, 0, 0.125},
		{"cosine", 0, 0, 100, 1}, {"cosine", 0, 50, 100, 0.5}, {"cosine", 0, 100, 100, 0}, {"cosine", 0, 100, 0, 1},
	} {
		s, err := ParseSchedule(c.s)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.factor(c.epoch, c.done, c.total); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%s at epoch %d, %d of %d: %v, want %v", c.s, c.epoch, c.done, c.total, got, c.want)
		}
		if s.String() != c.s {
			t.Errorf("%s prints as %s", c.s, s)
		}
	}
	for _, bad := range []string{"linear", "step", "step:1", "step:-1,0.5", "step:1,0", "step:1,2", "step:x,y"} {
		if _, err := ParseSchedule(bad); err == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
}

func TestConfigIsChecked(t *testing.T) {
	for _, change := range []func(*Config){
		func(c *Config) { c.Optimizer = "adamw" },
		func(c *Config) { c.LR = math.NaN() },
		func(c *Config) { c.LR = 0 },
		func(c *Config) { c.LR = math.Inf(1) },
		func(c *Config) { c.Clip = -1 },
		func(c *Config) { c.ClipValue = 1 }, // beside Clip
		func(c *Config) { c.WeightDecay = math.NaN() },
		func(c *Config) { c.Dropout = 1 },
	} {
		c := Defaults()
		change(&c)
		if c.Validate() == nil {
			t.Errorf("%+v was accepted", c)
		}
	}
	if err := Defaults().Validate(); err != nil {
		t.Error(err)
	}
}

func TestStepsAllocateNothing(t *testing.T) {
	for _, copies := range []int{1, 2} {
		cfg := Defaults()
		cfg.Dropout = 0.1
		T, B := 11, 6
		if copies > 1 {
			T, B = 64, 16
		}
		tr := trainer(t, rnn.Config{Cell: "gru", Vocab: 12, Embed: 9, Hidden: 20, Layers: 2}, cfg, &cycle{text: random(20000, 12), T: T, B: B}, 2)
		steps(t, tr, 3)
		if n := testing.AllocsPerRun(50, func() { tr.Step() }); n > 0 || len(tr.copies) != copies {
			t.Errorf("%v allocations a step with %d copies of the weights, want none with %d", n, len(tr.copies), copies)
		}
	}
}

func TestSnapshotIsTheRun(t *testing.T) {
	tr := trainer(t, rnn.Config{Cell: "lstm", Vocab: 12, Embed: 9, Hidden: 20, Layers: 2}, Defaults(), &cycle{text: random(2000, 12), T: 11, B: 6}, 2)
	losses := steps(t, tr, 20)
	tr.Validated(scope.Validation{Update: 20, Tokens: 5, Loss: 2})
	s := tr.Snapshot()
	var h, c [2][]float32
	for l := range 2 {
		for step := range 11 {
			h[l] = append(h[l], tr.Tape().Hidden(l, step, 0)...)
			c[l] = append(c[l], tr.Tape().Cell(l, step, 0)...)
		}
	}
	steps(t, tr, 1) // a snapshot does not change any more
	if s.Update != 20 || s.Loss != losses[19] || len(s.Losses.Buckets) != 20 || len(s.Valid) != 1 || s.Tokens != 20*66 {
		t.Errorf("snapshot %+v", s)
	}
	for i, b := range s.Losses.Buckets {
		if b.Mean != losses[i] {
			t.Errorf("loss %d: %v, want %v", i, b.Mean, losses[i])
		}
	}
	for l := range 2 {
		if !slices.Equal(s.Stream.H[l], h[l]) || !slices.Equal(s.Stream.C[l], c[l]) {
			t.Errorf("the states of layer %d are not the first stream's", l)
		}
	}
}

func TestValidationsAreBounded(t *testing.T) {
	tr := trainer(t, rnn.Config{Cell: "rnn", Vocab: 8, Embed: 2, Hidden: 2, Layers: 1}, Defaults(), &cycle{text: random(100, 8), T: 2, B: 2}, 1)
	for i := range int64(10 * mostValid) {
		tr.Validated(scope.Validation{Update: i})
	}
	valid := tr.Snapshot().Valid
	if len(valid) > mostValid || valid[0].Update != 0 || valid[len(valid)-1].Update != 10*mostValid-1 {
		t.Errorf("%d validations from %d to %d", len(valid), valid[0].Update, valid[len(valid)-1].Update)
	}
	if !slices.IsSortedFunc(valid, func(a, b scope.Validation) int { return int(a.Update - b.Update) }) {
		t.Error("validations are out of order")
	}
}

// unscored is a cycle of which every third window has no target that counts.
type unscored struct {
	cycle
	read int
}

func (u *unscored) Next(x, y []int32) bool {
	reset := u.cycle.Next(x, y)
	if u.read++; u.read%3 == 0 {
		for i := range y {
			y[i] = -1
		}
	}
	return reset
}

// A window without a scored target says nothing of the model: neither the
// average nor the watch for divergence takes it for a loss.
func TestNothingScored(t *testing.T) {
	tr := trainer(t, rnn.Config{Cell: "lstm", Vocab: 7, Embed: 6, Hidden: 9, Layers: 1}, Defaults(), &unscored{cycle: cycle{text: random(2000, 7), T: 12, B: 4}}, 1)
	for range 9 {
		before := tr.Smoothed()
		r, err := tr.Step()
		if err != nil {
			t.Fatal(err)
		}
		if none := r.Update%3 == 0; none != math.IsNaN(r.Loss) || none != (r.Tokens == 0) {
			t.Errorf("update %d has loss %v over %d targets", r.Update, r.Loss, r.Tokens)
		} else if none && tr.Smoothed() != before {
			t.Errorf("update %d moves the average from %v to %v", r.Update, before, tr.Smoothed())
		}
	}
	if s := tr.Snapshot(); s.Smoothed < 1 || tr.watch.best < 1 {
		t.Errorf("the average is %v, its best %v", s.Smoothed, tr.watch.best)
	}
}

// After going back a snapshot has nothing of the trouble.
func TestGoBackForgetsTheTrouble(t *testing.T) {
	c := rnn.Config{Cell: "rnn", Activation: "relu", Vocab: 8, Embed: 6, Hidden: 10, Layers: 1}
	tr := trainer(t, c, Config{Optimizer: "adam", LR: 0.01}, &cycle{text: random(600, 8), T: 7, B: 4}, 1)
	steps(t, tr, 300)
	good := tr.Snapshot()
	steps(t, tr, 30)
	tr.Model.Tensors()[4].Value.Data[3] = float32(math.Inf(1))
	tr.Model.Pack()
	var err error
	for range 20 {
		if _, err = tr.Step(); err != nil {
			break
		}
	}
	if err == nil {
		t.Fatal("an infinite weight is no trouble")
	}
	if at := tr.GoBack(); at != good.Update {
		t.Fatalf("went back to update %d", at)
	}
	s := tr.Snapshot()
	if s.Loss != good.Loss || s.GradNorm != good.GradNorm || s.Smoothed != good.Smoothed {
		t.Errorf("loss %v, norm %v, average %v; at update %d they were %v, %v, %v", s.Loss, s.GradNorm, s.Smoothed, s.Update, good.Loss, good.GradNorm, good.Smoothed)
	}
	if n := len(s.LastNorms); n == 0 || !slices.Equal(s.LastNorms, good.LastNorms[len(good.LastNorms)-n:]) {
		t.Errorf("the last norms are %v, they were %v", s.LastNorms, good.LastNorms)
	}
}

func TestFixedEmbeddingDoesNotDecay(t *testing.T) {
	c := Defaults()
	c.FixEmbedding, c.WeightDecay = true, 0.1
	if c.Validate() == nil {
		t.Error("an embedding that is to stay as it is may decay")
	}
}

// The norm is that of all gradients, of rows of the embedding that the window does not
// have too, and plain SGD moves every weight by its own: with tied weights, with decay,
// with values clipped, for windows that have few of the ids and nearly all.
func TestNormAndSGDAreOfAllGradients(t *testing.T) {
	for _, c := range []rnn.Config{
		{Cell: "lstm", Vocab: 900, Embed: 20, Hidden: 18, Layers: 1},
		{Cell: "rnn", Vocab: 7, Embed: 5, Hidden: 33, Layers: 2},
		{Cell: "gru", Vocab: 300, Embed: 24, Hidden: 24, Layers: 1, Tie: true},
	} {
		for _, cfg := range []Config{
			{Optimizer: "sgd", LR: 0.5, Clip: 0.01},
			{Optimizer: "sgd", LR: 0.5, WeightDecay: 0.1},
			{Optimizer: "sgd", LR: 0.5, ClipValue: 1e-4},
			{Optimizer: "adam", LR: 0.01, Clip: 0.01},
		} {
			for workers := range 3 {
				const T, B = 24, 13
				what := fmt.Sprintf("%+v %+v %d workers", c, cfg, workers+1)
				tr := trainer(t, c, cfg, &cycle{text: random(B*(8*T+1), c.Vocab), T: T, B: B}, workers+1)
				for range 3 {
					before := slices.Clone(tr.weights)
					r, err := tr.Step()
					if err != nil {
						t.Fatal(what, err)
					}
					sum := 0.0
					for _, g := range tr.grads {
						sum += float64(g) * float64(g)
					}
					if cfg.ClipValue == 0 && math.Abs(r.GradNorm-math.Sqrt(sum)) > 1e-12*r.GradNorm {
						t.Fatalf("%s: norm %v, of all gradients %v", what, r.GradNorm, math.Sqrt(sum))
					}
					if cfg.ClipValue > 0 && !r.Clipped {
						t.Fatalf("%s: no value was clipped", what)
					}
					if cfg.Optimizer != "sgd" {
						continue
					}
					scale := 1.0
					if cfg.Clip > 0 {
						scale = float64(float32(math.Min(1, cfg.Clip/(r.GradNorm+1e-6))))
					}
					if cfg.WeightDecay > 0 {
						tr.kernel.Scale(before, float32(1-cfg.LR*cfg.WeightDecay))
					}
					tr.kernel.Axpy(before, float32(-cfg.LR*scale), tr.grads)
					for i := range before {
						if before[i] != tr.weights[i] {
							t.Fatalf("%s: weight %d is %v, moved by its gradient %v", what, i, tr.weights[i], before[i])
						}
					}
				}
			}
		}
	}
}

// Going back restores the optimizer's moments, of a copy that was made at first and of
// one that was made later: what follows is what followed before.
func TestGoBackRestoresMoments(t *testing.T) {
	for _, until := range []int{150, 250} { // back to update 0, and to 100
		c := rnn.Config{Cell: "rnn", Vocab: 9, Embed: 6, Hidden: 12, Layers: 1}
		tr := trainer(t, c, Config{Optimizer: "adam", LR: 0.01, Clip: 5, Seed: 1}, &cycle{text: random(6*401, 9), T: 8, B: 6}, 2)
		var losses []float64
		for range until {
			r, err := tr.Step()
			if err != nil {
				t.Fatal(err)
			}
			losses = append(losses, r.Loss)
		}
		at := tr.GoBack()
		if at != int64(until-150) {
			t.Fatalf("went back from %d to %d", until, at)
		}
		for _, want := range losses[at : at+40] {
			if r, err := tr.Step(); err != nil || r.Loss != want {
				t.Fatalf("from %d back to %d: loss %v at update %d, before %v (%v)", until, at, r.Loss, r.Update, want, err)
			}
		}
	}
}

// The moments of a checkpoint are those that going back finds, of one made before any
// update too.
func TestGoBackKeepsRestoredMoments(t *testing.T) {
	c := rnn.Config{Cell: "rnn", Vocab: 9, Embed: 6, Hidden: 12, Layers: 1}
	tr := trainer(t, c, Config{Optimizer: "adam", LR: 0.01, Clip: 5, Seed: 1}, &cycle{text: random(6*401, 9), T: 8, B: 6}, 1)
	found := map[string][]float32{}
	for _, x := range tr.Checkpoint().Tensors {
		found[x.Name] = slices.Clone(x.Data)
		if strings.HasPrefix(x.Name, "exp_avg") {
			for i := range found[x.Name] {
				found[x.Name][i] = 0.5
			}
		}
	}
	if err := tr.Restore(Progress{}, func(name string) []float32 { return found[name] }); err != nil {
		t.Fatal(err)
	}
	if _, err := tr.Step(); err != nil {
		t.Fatal(err)
	}
	tr.GoBack()
	for i, m := range tr.moments {
		if m[0] != 0.5 {
			t.Errorf("moment %d is %g after going back, 0.5 was restored", i, m[0])
		}
	}
}

func (c *cycle) SetWindow(k int) error {
	c.T, c.at = k, c.at/int64(k)*int64(k)
	return nil
}

// copied is a configuration whose batches have two parts.
type copied struct {
	rnn.Config
	train  Config
	T, B   int
	copies int // of the weights, on more than one worker
}

// Small weights have a copy for each part of the batch, moved by workers who do not wait
// for each other: all copies stay those of a run on one worker, to the bit, whatever
// happens to the weights in between.
func TestCopiesStayAlike(t *testing.T) {
	small := rnn.Config{Cell: "lstm", Vocab: 9, Embed: 6, Hidden: 6, Layers: 2}
	words, tied := small, small
	words.Vocab, words.Dropout = 200, 0
	tied.Tie = true
	packed := rnn.Config{Cell: "lstm", Vocab: 65, Embed: 16, Hidden: 128, Layers: 1} // 80,000 weights
	cases := []copied{
		{Config: words, train: Config{Optimizer: "adam", LR: 0.01, ClipValue: 0.001, WeightDecay: 0.1}, T: 60, B: 13, copies: 2},
		{Config: words, train: Config{Optimizer: "sgd", LR: 0.1, Clip: 0.5}, T: 60, B: 13, copies: 2},
		{Config: small, train: Config{Optimizer: "adam", LR: 0.01, FixEmbedding: true}, T: 40, B: 13, copies: 2},
		{Config: packed, train: Config{Optimizer: "adam", LR: 0.01, Clip: 0.5}, T: 64, B: 16, copies: 1},
	}
	for _, o := range optimizers {
		for _, c := range []rnn.Config{small, tied} {
			cases = append(cases, copied{Config: c, train: Config{Optimizer: o.name, LR: 0.01, Clip: 0.5, Dropout: 0.1}, T: 40, B: 13, copies: 2})
		}
	}
	for _, c := range cases {
		one, want := c.run(t, 1)
		for _, workers := range []int{2, 3, 5} {
			tr, got := c.run(t, workers)
			what := fmt.Sprintf("%s, tied %v, %d words, %d workers", c.train.Optimizer, c.Tie, c.Vocab, workers)
			if !slices.Equal(got, want) {
				t.Errorf("%s: losses %v, of one worker %v", what, got, want)
			}
			if len(tr.copies) != c.copies {
				t.Fatalf("%s: %d copies, want %d", what, len(tr.copies), c.copies)
			}
			for w := range workers {
				own := tr.tape.Own(w)
				if !slices.Equal(own.Weights, one.weights) || !slices.Equal(own.Grads, one.grads) {
					t.Errorf("%s: worker %d has other weights or gradients than one worker", what, w)
				}
				for i, m := range one.moments {
					if !slices.Equal(tr.copies[own.Copy].moments[i], m) {
						t.Errorf("%s: worker %d has other moments", what, w)
					}
				}
			}
		}
	}
}

// run trains on that many workers, with interruptions, and returns the losses.
func (c copied) run(t *testing.T, workers int) (*Trainer, []float64) {
	t.Helper()
	text := random(c.B*(6*c.T+1), c.Vocab)
	text[7], text[len(text)/2] = -1, -1
	tr := trainer(t, c.Config, c.train, &cycle{text: text, T: 1, B: c.B}, workers)
	losses := steps(t, tr, 2) // of one part
	window := func(k int) {
		if err := tr.SetWindow(k); err != nil {
			t.Fatal(err)
		}
		losses = append(losses, steps(t, tr, 2)...)
	}
	window(c.T)
	saved := tr.Checkpoint()
	vectors := map[string][]float32{}
	for _, v := range saved.Tensors {
		vectors[v.Name] = slices.Clone(v.Data)
	}
	losses = append(losses, steps(t, tr, 2)...)
	tr.GoBack()
	losses = append(losses, steps(t, tr, 2)...)
	if err := tr.Restore(saved.Progress, func(name string) []float32 { return vectors[name] }); err != nil {
		t.Fatal(err)
	}
	losses = append(losses, steps(t, tr, 2)...)
	tr.Model.Tensors()[2].Value.Data[3]++
	tr.Model.Pack()
	losses = append(losses, steps(t, tr, 2)...)
	window(1)
	window(c.T)
	return tr, losses
}

// Two trainers of one model in turn, of one part and of two, leave the weights that one
// worker leaves: the copies follow whoever moved the model's.
func TestTrainersInTurn(t *testing.T) {
	const T, B, V = 40, 13, 9
	run := func(workers int) []float32 {
		cfg := Config{Optimizer: "adam", LR: 0.01, Clip: 0.5, Seed: 8}
		c := rnn.Config{Cell: "lstm", Vocab: V, Embed: 6, Hidden: 6, Layers: 2}
		first := trainer(t, c, cfg, &cycle{text: random(B*(6*T+1), V), T: 1, B: B}, workers)
		steps(t, first, 3)
		second, err := New(first.Model, &cycle{text: random(B*(6*T+1), V), T: T, B: B}, first.team, cfg)
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			steps(t, second, 2)
			steps(t, first, 3)
		}
		return first.Model.Weights()
	}
	want := run(1)
	for _, workers := range []int{2, 3, 5} {
		if !slices.Equal(run(workers), want) {
			t.Errorf("%d workers: other weights than of one worker", workers)
		}
	}
}
