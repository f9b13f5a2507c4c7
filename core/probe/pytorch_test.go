package probe

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"rnnscope/core/rnn"
)

// least is how small a norm may be and still be right to the tolerance.
const least = 1e-20

// The norms of every layer, step, h and c against PyTorch's autograd in
// float64, to 1e-4 of each from 1 down to 1e-20: models that nobody chose, with
// more layers and longer windows than the other tests have.
func TestFlowEqualsAutograd(t *testing.T) {
	python := os.Getenv("RNNSCOPE_TEST_PYTHON")
	if python == "" {
		t.Skip("RNNSCOPE_TEST_PYTHON names no Python with PyTorch")
	}
	for i, c := range []rnn.Config{
		{Cell: "rnn", Vocab: 23, Embed: 12, Hidden: 32, Layers: 1},
		{Cell: "rnn", Vocab: 23, Embed: 12, Hidden: 40, Layers: 3},
		{Cell: "gru", Vocab: 31, Embed: 20, Hidden: 64, Layers: 1},
		{Cell: "gru", Vocab: 31, Embed: 7, Hidden: 24, Layers: 2},
		{Cell: "lstm", Vocab: 19, Embed: 16, Hidden: 50, Layers: 1},
		{Cell: "lstm", Vocab: 19, Embed: 16, Hidden: 30, Layers: 2},
	} {
		t.Run(fmt.Sprintf("%s L%d", c.Cell, c.Layers), func(t *testing.T) {
			m := model(t, c, rnn.Init{}, uint64(100+i))
			const steps = 90
			w := window(m, steps, uint64(i))
			type tensor struct {
				Shape []int     `json:"shape"`
				Data  []float32 `json:"data"`
			}
			params := map[string]tensor{}
			for _, p := range m.Tensors() {
				params[p.Name] = tensor{p.Shape(), p.Value.Data}
			}
			question, err := json.Marshal(map[string]any{
				"cell": c.Cell, "layers": c.Layers, "hidden": c.Hidden, "embed": c.Embed,
				"params": params, "ids": w.IDs, "target": w.Target,
			})
			if err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command(python, "testdata/autograd.py")
			cmd.Stdin, cmd.Stderr = bytes.NewReader(question), os.Stderr
			text, err := cmd.Output()
			if err != nil {
				t.Fatal(err)
			}
			var want struct{ H, C [][]float64 }
			if err := json.Unmarshal(text, &want); err != nil {
				t.Fatal(err)
			}
			f, err := Flow(m, []Window{w}, Control{})
			if err != nil {
				t.Fatal(err)
			}
			worst, smallest := 0.0, 1.0
			compare := func(what string, l int, got, want []float64) {
				for k, g := range got {
					x := want[steps-1-k]
					if x < least {
						continue
					}
					smallest, worst = min(smallest, x), max(worst, off(g, x))
					if off(g, x) > engine {
						t.Fatalf("‖∂L/∂%s‖ of layer %d at lag %d: got %.8g, autograd %.8g", what, l, k, g, x)
					}
				}
			}
			for l := range c.Layers {
				compare("h", l, f.Layers[l].H.Arithmetic, want.H[l])
				if m.HasMemory() {
					compare("c", l, f.Layers[l].C.Arithmetic, want.C[l])
				}
			}
			t.Logf("worst %.2g relative, norms down to %.2g", worst, smallest)
		})
	}
}
