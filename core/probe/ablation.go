package probe

import (
	"math"
	"slices"

	"rnnscope/core/rnn"
	"rnnscope/core/scope"
)

// ablation leaves stream 0 as the asker's interventions make it and, in stream
// b, also holds unit units[b-1] of a layer at 0. inner is nil without other
// interventions.
type ablation struct {
	inner rnn.Alter
	layer int
	units []int
}

func (a ablation) State(layer, step, stream int, h, c []float32) {
	if a.inner != nil {
		a.inner.State(layer, step, stream, h, c)
	}
	if layer == a.layer && stream > 0 {
		h[a.units[stream-1]] = 0
	}
}

func (a ablation) Gradient(layer, step, stream int, dh, dc []float32) {
	if layer == a.layer && stream > 0 {
		dh[a.units[stream-1]] = 0
	}
	if a.inner != nil {
		a.inner.Gradient(layer, step, stream, dh, dc)
	}
}

// ablations reads the first n tokens of a text from a zero state, once with
// each unit ablated and once with none, side by side. visit is called in order
// with each predicted position and its surprisal in nats, [1+units], that of
// the model without ablation first.
func ablations(m *rnn.Model, text rnn.Tokens, n, layer int, units []int, ask Ask, visit func(pos int, nats []float64), done func(tokens int)) error {
	inner, err := Alter(m, ask.Changes)
	if err != nil {
		return err
	}
	team := ask.team()
	defer team.Close()
	B := 1 + len(units)
	steps := max(1, min(traceSteps, n-1))
	t := m.NewTape(steps, B, team, 0)
	t.Alter(ablation{inner, layer, units})
	ids := make([]int32, steps+1)
	nats := make([]float64, B)
	for at := 0; at < n-1; at += steps {
		if ask.stopped() {
			return ErrStopped
		}
		k := min(steps, n-1-at)
		text.Fill(ids[:k+1], at)
		for s := range steps {
			id, target := int32(-1), int32(-1)
			if s < k {
				id, target = ids[s], ids[s+1]
			}
			for b := range B {
				t.IDs[s*B+b], t.Targets[s*B+b] = id, target
			}
		}
		t.Score()
		for s := range k {
			if ids[s+1] < 0 {
				continue
			}
			copy(nats, t.Losses[s*B:])
			visit(at+s+1, nats)
		}
		done(at + k + 1)
	}
	return nil
}

// tail is a text from a token on.
type tail struct {
	rnn.Tokens
	from int
}

func (t tail) Len() int                   { return t.Tokens.Len() - t.from }
func (t tail) Fill(dst []int32, from int) { t.Tokens.Fill(dst, t.from+from) }

// judge ablates the surest units found and notes what that does to the loss on n
// tokens of a text from a token on, read from a zero state.
func judge(m *rnn.Model, text rnn.Tokens, s Search, from, n int, out *scope.UnitSearch, ask Ask, done func(tokens int)) error {
	sure := slices.Clone(out.Found)
	slices.SortStableFunc(sure, bySureness)
	var units []int
	for _, f := range sure {
		if len(units) < s.Ablated && !slices.Contains(units, f.Unit) {
			units = append(units, f.Unit)
		}
	}
	holds := map[string][]bool{}
	for _, f := range s.Features {
		holds[f.Name] = holding(f, from, n)
	}
	count := 0
	loss := make([]float64, 1+len(units))
	there := map[string][]float64{} // [1+units] where a feature holds
	counts := map[string]int{}
	for name := range holds {
		there[name] = make([]float64, 1+len(units))
	}
	err := ablations(m, tail{text, from}, n, s.Layer, units, ask, func(pos int, nats []float64) {
		count++
		for b, x := range nats {
			loss[b] += x
		}
		for name, where := range holds {
			if where[pos-1] {
				counts[name]++
				for b, x := range nats {
					there[name][b] += x
				}
			}
		}
	}, done)
	if err != nil {
		return err
	}
	out.EffectFrom, out.EffectTokens, out.Loss = from, n, loss[0]/float64(count)
	for i, f := range out.Found {
		b := 1 + slices.Index(units, f.Unit)
		if b == 0 {
			continue
		}
		where := there[f.Feature]
		out.Found[i].Effect = &scope.Effect{
			Loss:  (loss[b] - loss[0]) / float64(count),
			Holds: (where[b] - where[0]) / float64(counts[f.Feature]), // 0/0: nowhere
			Count: counts[f.Feature],
		}
	}
	return nil
}

// holding says at which of n tokens from one on a feature holds: where it is 1,
// or above the median of its known values there.
func holding(f scope.Feature, from, n int) []bool {
	values := f.Values[from : from+n]
	where := make([]bool, n)
	bound := float32(0.5)
	if !f.Binary {
		var known []float32
		for _, v := range values {
			if v == v {
				known = append(known, v)
			}
		}
		bound = float32(math.Inf(1))
		if len(known) > 0 {
			slices.Sort(known)
			bound = known[(len(known)-1)/2]
		}
	}
	for i, v := range values {
		where[i] = v > bound
	}
	return where
}
