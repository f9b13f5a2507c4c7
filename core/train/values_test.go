package train

import (
	"testing"

	"rnnscope/core/rnn"
)

// sums is a task of numbers: the target after the last step is the sum of what
// was read.
type sums struct{ window int64 }

func (s *sums) Shape() (int, int)               { return 5, 4 }
func (s *sums) Windows() int                    { return 1 }
func (s *sums) Position() (int64, int64)        { return s.window, 0 }
func (s *sums) SeekTo(epoch, _ int64) error     { s.window = epoch; return nil }
func (s *sums) ByValue() (inputs, targets bool) { return true, true }
func (s *sums) Next(_, _ []int32) bool          { panic("a task of numbers was asked for ids") }

func (s *sums) NextValues(values, goals []float32, x, y []int32) bool {
	s.window++
	clear(goals)
	for r := range x {
		y[r] = -1
		values[r] = float32((int64(r)*7+s.window*3)%11) / 22
		goals[16+r%4] += values[r]
		if r >= 16 {
			y[r] = 0
		}
	}
	return true
}

// A regression is learnt, also when the tape is made anew in the middle, and
// counts its scored targets only.
func TestTaskOfNumbers(t *testing.T) {
	c := Defaults()
	c.LR, c.Chance = 5e-3, 0.2
	tr := trainer(t, rnn.Config{Cell: "gru", Vocab: 1, Embed: 1, Hidden: 12, Layers: 2}, c, &sums{}, 2)
	var first, last float64
	for i := range 400 {
		if i == 200 {
			if err := tr.SetDropout(0.01); err != nil {
				t.Fatal(err)
			}
		}
		r, err := tr.Step()
		if err != nil {
			t.Fatal(err)
		}
		if r.Tokens != 4 {
			t.Fatalf("%d targets, want 4", r.Tokens)
		}
		if i == 0 {
			first = r.Loss
		}
		last = r.Loss
	}
	if !(last < first/20) {
		t.Errorf("loss %v after 400 updates, %v at first", last, first)
	}
	for _, g := range tr.Model.Tensors()[0].Grad.Data {
		if g != 0 {
			t.Error("the embedding that is not read has a gradient")
		}
	}
}

// A regression has diverged when its loss has risen above three times chance;
// by the ln V + 1 of classes it would go on.
func TestRegressionDiverges(t *testing.T) {
	for _, chance := range []float64{1.0 / 6, 0} {
		c := Defaults()
		c.Chance = chance
		tr := trainer(t, rnn.Config{Cell: "rnn", Vocab: 1, Embed: 1, Hidden: 4, Layers: 1}, c, &sums{}, 1)
		var found *Diverged
		for i := int64(1); i <= 1000 && found == nil; i++ {
			loss := 0.01
			if i > 200 {
				loss = 0.6
			}
			tr.count(loss)
			found = tr.watch.look(tr, Result{Update: i, Loss: loss, GradNorm: 1, Tokens: 1})
		}
		if (found != nil) != (chance > 0) {
			t.Errorf("chance %v: %v", chance, found)
		}
	}
}
