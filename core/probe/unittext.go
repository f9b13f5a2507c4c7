package probe

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"rnnscope/core/rnn"
	"rnnscope/core/say"
	"rnnscope/core/scope"
)

// ReadUnit follows one unit through a text and lists the peaks places where it
// is highest and where it is lowest, each with the context tokens up to it. Of
// neighbours less than a context apart, and of places whose last quarter of the
// context reads alike, only the first counts.
func ReadUnit(m *rnn.Model, text rnn.Tokens, layer, unit, context, peaks int, ask Ask) (*scope.UnitText, error) {
	if unit < 0 || unit >= m.Hidden {
		return nil, say.Errorf("layer %d has no unit %d: its units are 0 to %d", layer, unit, m.Hidden-1)
	}
	n := text.Len()
	out := &scope.UnitText{Layer: layer, Unit: unit, Values: make([]float32, n)}
	err := record(m, text, n, layer, ask, func(i int, h []float32) { out.Values[i] = h[unit] }, func(tokens int) { ask.progress(tokens, n) })
	if err != nil {
		return nil, err
	}
	for _, v := range out.Values {
		out.Mean += float64(v) / float64(n)
	}
	for _, v := range out.Values {
		out.SD += (float64(v) - out.Mean) * (float64(v) - out.Mean) / float64(n)
	}
	out.SD = math.Sqrt(out.SD)
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(out.Values[b], out.Values[a]) })
	out.Top = distinct(out.Values, text, order, context, peaks)
	slices.Reverse(order)
	out.Bottom = distinct(out.Values, text, order, context, peaks)
	return out, nil
}

// distinct takes places in order until there are enough.
func distinct(values []float32, text rnn.Tokens, order []int, context, peaks int) []scope.Peak {
	context = max(1, context)
	seen := map[string]bool{}
	ids := make([]int32, max(1, context/4))
	var out []scope.Peak
	for _, at := range order {
		if len(out) == peaks {
			break
		}
		if slices.ContainsFunc(out, func(p scope.Peak) bool { return max(p.At-at, at-p.At) < context }) {
			continue
		}
		read := ids[:min(len(ids), at+1)]
		text.Fill(read, at+1-len(read))
		if key := fmt.Sprint(read); !seen[key] {
			seen[key] = true
			out = append(out, scope.Peak{From: max(0, at+1-context), At: at, Value: values[at]})
		}
	}
	return out
}
