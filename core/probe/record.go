package probe

import (
	"rnnscope/core/rnn"
	"rnnscope/core/say"
)

// record runs n tokens of a text from a zero state and hands over h of a layer
// after each; done counts tokens.
func record(m *rnn.Model, text rnn.Tokens, n, layer int, ask Ask, keep func(i int, h []float32), done func(tokens int)) error {
	if layer < 0 || layer >= m.Layers {
		return say.Errorf("there is no layer %d: this model's layers are 0 to %d", layer, m.Layers-1)
	}
	alter, err := Alter(m, ask.Changes)
	if err != nil {
		return err
	}
	team := ask.team()
	defer team.Close()
	steps := max(1, min(traceSteps, n))
	t := m.NewTape(steps, 1, team, 0)
	t.Alter(alter)
	for at := 0; at < n; at += steps {
		if ask.stopped() {
			return ErrStopped
		}
		k := min(steps, n-at)
		text.Fill(t.IDs[:k], at)
		for i := k; i < steps; i++ {
			t.IDs[i] = -1
		}
		t.ForwardTo(layer)
		for s := range k {
			h := t.Hidden(layer, s, 0)
			for _, x := range h {
				if x-x != 0 {
					return say.Errorf("the model's states are not finite: nothing can be told from them")
				}
			}
			keep(at+s, h)
		}
		done(at + k)
	}
	return nil
}
