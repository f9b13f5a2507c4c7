package probe

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"rnnscope/core/kernel"
	"rnnscope/core/rnn"
)

// The trace against a stepper, which shares no buffers with it, and the gates
// against the states they must explain: h = o⊙tanh(c), h = (1-z)⊙n + z⊙h',
// h = tanh(a).
func TestTraceExplainsItself(t *testing.T) {
	const n, close = 150, 1e-5
	ids := make([]int32, n)
	for i := range ids {
		ids[i] = int32(i * i % 13)
	}
	ids[70] = -1
	for _, cell := range rnn.Cells() {
		m, err := rnn.New(rnn.Config{Cell: cell, Vocab: 13, Embed: 6, Hidden: 18, Layers: 2}, kernel.Available()[0])
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Init(rnn.Init{}, 3); err != nil {
			t.Fatal(err)
		}
		trace, err := Trace(m, ids, func(i int) string { return "x" }, Ask{})
		if err != nil {
			t.Fatal(err)
		}
		step := m.NewStepper()
		var p []float32
		for i, s := range trace.Steps {
			if i == 0 || i == 70 {
				if s.Surprisal != nil {
					t.Errorf("%s: surprisal %v at step %d", cell, *s.Surprisal, i)
				}
			} else if want := -math.Log(float64(p[ids[i]])); math.Abs(*s.Surprisal-want) > close {
				t.Errorf("%s: surprisal %v at step %d, want %v", cell, *s.Surprisal, i, want)
			}
			p = append(p[:0], step.Step(int(ids[i]))...)
			for v := range p {
				if math.Abs(float64(p[v]-s.Logits[v])) > close {
					t.Fatalf("%s: logit %d at step %d: %v, want %v", cell, v, i, s.Logits[v], p[v])
				}
			}
			m.Kernel.Softmax(p)
			sum := 0.0
			for _, x := range p {
				sum -= float64(x) * math.Log(float64(x))
			}
			if math.Abs(*s.Entropy-sum) > close {
				t.Errorf("%s: entropy %v at step %d, want %v", cell, *s.Entropy, i, sum)
			}
			for l, y := range s.Layers {
				for j, h := range y.H {
					var want float64
					switch cell {
					case "rnn":
						want = math.Tanh(float64(y.Gates["a"][j]))
					case "gru":
						before := 0.0
						if i > 0 {
							before = float64(trace.Steps[i-1].Layers[l].H[j])
						}
						z := float64(y.Gates["z"][j])
						want = (1-z)*float64(y.Gates["n"][j]) + z*before
					case "lstm":
						want = float64(y.Gates["o"][j]) * math.Tanh(float64(y.C[j]))
					}
					if math.Abs(float64(h)-want) > close {
						t.Fatalf("%s: h[%d] of layer %d at step %d: %v, its gates give %v", cell, j, l, i, h, want)
					}
				}
			}
		}
		if len(trace.Steps) != n {
			t.Errorf("%d steps, want %d", len(trace.Steps), n)
		}
	}
}

// A broken model's trace is JSON all the same, and says that it is broken.
func TestTraceOfABrokenModelIsJSON(t *testing.T) {
	m, err := rnn.New(rnn.Config{Cell: "lstm", Vocab: 5, Embed: 3, Hidden: 4, Layers: 1}, kernel.Available()[0])
	if err != nil {
		t.Fatal(err)
	}
	for i := range m.Weights() {
		m.Weights()[i] = float32(math.NaN())
	}
	m.Pack()
	trace, err := Trace(m, []int32{1, 2, 3}, func(int) string { return "x" }, Ask{})
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(trace)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), `"logits":[null,null,null,null,null],"reason":"the model's output is not finite"`) {
		t.Errorf("got %s", text)
	}
}
