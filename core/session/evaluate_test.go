package session

import (
	"math"
	"testing"

	"rnnscope/core/kernel"
	"rnnscope/core/rnn"
	"rnnscope/corpora"
)

// The scored positions counted again, one token at a time, straight from what
// Scored says of itself.
func TestScoredPositions(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"recall", "reber", "brackets:4", "sums", "agreement", "story", "measure"} {
		c, err := corpora.Open(name, corpora.Options{})
		if err != nil {
			t.Fatal(err)
		}
		set, err := kernel.Choose("auto")
		if err != nil {
			t.Fatal(err)
		}
		m, err := rnn.New(rnn.Config{Cell: "gru", Vocab: c.Vocab.Len(), Embed: 5, Hidden: 9, Layers: 1}, set)
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Init(rnn.Init{}, 1); err != nil {
			t.Fatal(err)
		}
		team := kernel.NewTeam(2)
		defer team.Close()
		part := c.Valid
		part.IDs = part.IDs.Slice(0, 3000)
		got := Evaluate(m, c, part, "valid", team, nil)

		step := m.NewStepper()
		next, right, count, nats, sum := 0, 0, 0, 0.0, 0.0
		lines := map[int32]bool{}
		p := make([]float32, m.Vocab)
		for i := range part.IDs.Len() {
			id := part.IDs.At(i)
			if i > 0 {
				sum -= math.Log(float64(p[id]))
			}
			for ; next < len(part.Scored) && part.Scored[next].Pos == i; next++ {
				if i == 0 {
					continue
				}
				s := part.Scored[next]
				nats -= math.Log(float64(p[id]))
				mass := func(set []int32) (sum float64) {
					for _, id := range set {
						sum += float64(p[id])
					}
					return sum
				}
				sets := c.Phenomenon.Choices[s.Choice]
				ok := true
				for j := range sets {
					ok = ok && (j == int(s.Right) || mass(sets[j]) < mass(sets[s.Right]))
				}
				count++
				before, seen := lines[s.Line]
				lines[s.Line] = ok && (before || !seen)
				if ok {
					right++
				}
			}
			copy(p, step.Step(id))
			m.Kernel.Softmax(p)
		}
		want := float64(right) / float64(count)
		if c.Phenomenon.WholeLine {
			n := 0
			for _, ok := range lines {
				if ok {
					n++
				}
			}
			want = float64(n) / float64(len(lines))
		}
		if got.Scored == nil || math.Abs(float64(got.Scored.Accuracy)-want) > 1e-9 || math.Abs(float64(got.Scored.Loss)-nats/float64(count)) > 1e-4 {
			t.Errorf("%s: scored %+v, want accuracy %v and loss %v over %d positions", name, got.Scored, want, nats/float64(count), count)
		}
		if math.Abs(float64(got.Loss)-sum/2999) > 1e-4 || got.Tokens != 2999 {
			t.Errorf("%s: loss %v over %d tokens, want %v over 2999", name, got.Loss, got.Tokens, sum/2999)
		}
		if got.Floor == nil || !(got.Floor.Loss > 0) || float64(got.Loss) < float64(got.Floor.Loss) {
			t.Errorf("%s: loss %v, floor %+v", name, got.Loss, got.Floor)
		}
	}
}

func TestEvaluateAnEmptySplit(t *testing.T) {
	t.Parallel()
	c, err := corpora.Open("recall", corpora.Options{})
	if err != nil {
		t.Fatal(err)
	}
	part := c.Valid
	part.IDs = part.IDs.Slice(0, 1)
	if e := Evaluate(nil, c, part, "valid", nil, nil); e != nil {
		t.Errorf("one token was evaluated: %+v", e)
	}
}
