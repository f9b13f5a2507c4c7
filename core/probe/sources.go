package probe

import (
	"math"
	"math/rand/v2"

	"rnnscope/core/rnn"
	"rnnscope/core/scope"
)

// SourcesOf splits ∂L/∂h of a layer at every step of a window into what came
// from this step's output (from the layer above, below the top) and what came
// from the step after. targets [K] are what follows each step; L is the mean
// loss over them, as in training, and a target of -1 is not scored. The two are
// computed apart from the sum that they are held against.
func SourcesOf(m *rnn.Model, ids, targets []int32, layer int) *scope.Sources {
	T, H := len(ids), m.Hidden
	tape := m.NewTape(T, 1, Control{}.team(), 0)
	watch := tape.Watch(0)
	copy(tape.IDs, ids)
	scored := 0
	for _, y := range targets {
		if y >= 0 {
			scored++
		}
	}
	tape.Backpropagate(func(s, _ int, logits []float32) {
		m.Kernel.SoftmaxLoss(logits, int(targets[s]), 1/float32(max(1, scored)))
	})
	out := &scope.Sources{Layer: layer}
	var off, top float64
	for s := range T {
		above, future := watch.Layers[layer].Above[s*H:(s+1)*H], watch.Layers[layer].Future[s*H:(s+1)*H]
		whole := tape.Gradient(layer, s, 0)
		for j, w := range whole {
			off = math.Max(off, math.Abs(float64(above[j])+float64(future[j])-float64(w)))
			top = math.Max(top, math.Abs(float64(w)))
		}
		out.Steps = append(out.Steps, scope.Source{
			Above: norm(above), Future: norm(future), Whole: norm(whole), Cosine: cosine(above, future),
		})
	}
	if top > 0 {
		out.Residual = off / top
	}
	return out
}

// cosine of the angle between two vectors; NaN when one is zero.
func cosine(a, b []float32) float64 {
	dot, n := 0.0, norm(a)*norm(b)
	for i, x := range a {
		dot += float64(x) * float64(b[i])
	}
	if n == 0 {
		return math.NaN()
	}
	return dot / n
}

// CheckGradient holds ∂L_T/∂h_{T-k} of a layer against central differences in
// float64, at the given lags, along the gradient's own direction: the derivative
// there is the gradient's norm. Where the gradient is zero any direction will do,
// and the derivative has to be zero too.
//
// The float64 model starts at the step before h_{T-k} from the states that float32
// has there. On the way to the loss the two may part all the same: where gradients
// explode, so does the rounding of float32.
func CheckGradient(m *rnn.Model, w Window, layer int, lags []int, o Control) (*scope.Differences, error) {
	T := len(w.IDs)
	tape := m.NewTape(T, 1, o.team(), 0)
	seed := lastStep(m, tape, []Window{w})
	var logits []float64
	slope := 0.0 // ‖∂L/∂logits‖: small where p-1 of a p near 1 has few digits
	tape.Backpropagate(func(s, b int, l []float32) {
		if s == T-1 {
			logits = wide(l)
		}
		if seed(s, b, l, 1); s == T-1 {
			slope = norm(l)
		}
	})
	exact := newDouble(m)
	losses := roundings(tape, m.Layers, logits)
	d := &scope.Differences{Layer: layer}
	for i, k := range lags {
		if err := o.step(i, len(lags)); err != nil {
			return nil, err
		}
		step := T - 1 - k
		from := exact.at(tape, step)
		at := place{layer: layer, step: step}
		g := tape.Gradient(layer, step, 0)
		size := norm(g)
		u := direction(g, size)
		moved := make([]float64, len(u))
		central, off := derivative(func(e float64) float64 {
			for j, v := range u {
				moved[j] = e * v
			}
			return surprisal(exact.goOn(w, from, at, moved), int(w.Target))
		}, losses[step])
		doubt := scope.Clear
		switch {
		case !(math.Max(size, math.Abs(central)) >= faint*off):
			doubt = scope.Faint
		case !(ulp32 <= digits*slope):
			doubt = scope.Sure
		case ulp32/ulp64*losses[step]/4 > parted*slope && apart(exact.goOn(w, from, place{}, nil), logits) > parted:
			doubt = scope.Parted
		}
		d.Lags, d.Gradient, d.Central = append(d.Lags, k), append(d.Gradient, size), append(d.Central, central)
		d.Error, d.Doubt = append(d.Error, off), append(d.Doubt, doubt)
		if doubt == scope.Clear {
			d.Worst = math.Max(d.Worst, d.Apart(i))
		}
	}
	return d, nil
}

// Units in the last place of a one, and what a lag of CheckGradient needs to be
// told of.
const (
	ulp64 = 1.0 / (1 << 52)
	ulp32 = 1.0 / (1 << 23)

	faint  = 100  // times its error must a derivative be
	digits = 1e-3 // may ∂L/∂logits be off by
	parted = 1e-5 // may the logits of float32 and float64 differ by, relative to the largest, where rounding can do so
)

// roundings are what rounding may do to the loss in float64, by the step that the
// way to it begins at: about the unit in the last place of the logits and of log
// Σ exp, and of every state on the way times what it does to the loss.
func roundings(tape *rnn.Tape, layers int, logits []float64) []float64 {
	size := math.Log(float64(len(logits)))
	for _, v := range logits {
		size = math.Max(size, math.Abs(v))
	}
	out := make([]float64, tape.T)
	for s := tape.T - 1; s >= 0; s-- {
		for l := range layers {
			largest := 0.0
			for _, v := range tape.Hidden(l, s, 0) {
				largest = math.Max(largest, math.Abs(float64(v)))
			}
			size += largest * norm(tape.Gradient(l, s, 0))
		}
		out[s] = 4 * size * ulp64
	}
	return out
}

// direction is g/size, or where that is zero some direction.
func direction(g []float32, size float64) []float64 {
	u := wide(g)
	if size == 0 {
		random := rand.New(rand.NewPCG(1, 2))
		for j := range u {
			u[j] = random.NormFloat64()
			size += u[j] * u[j]
		}
		size = math.Sqrt(size)
	}
	for j := range u {
		u[j] /= size
	}
	return u
}

// derivative is f'(0) by central differences, of which f is known to rounding, with
// a bound of its error: what halving the step changes, and rounding. Longer steps
// hide less in rounding, shorter ones cut off less: those of 10^-4 and on towards
// the better side are tried until it gets no better.
func derivative(f func(float64) float64, rounding float64) (value, off float64) {
	difference := func(e float64) float64 { return (f(e) - f(-e)) / (2 * e) }
	with := func(e float64) (v, cut, hidden float64) {
		v = difference(e / 2)
		return v, math.Abs(difference(e) - v), rounding / (e / 2)
	}
	e := 1e-4
	value, cut, hidden := with(e)
	off = cut + hidden
	longer := 10.0
	if cut > hidden {
		longer = 0.1
	}
	for off > 1e-4*math.Abs(value) {
		if e *= longer; e < 1e-9 || e > 1 {
			break
		}
		v, cut, hidden := with(e)
		if !(cut+hidden < off) {
			break
		}
		value, off = v, cut+hidden
	}
	return value, off
}

// apart is the largest difference of two vectors, relative to the largest value.
func apart(a, b []float64) float64 {
	off, top := 0.0, 0.0
	for i := range a {
		off, top = math.Max(off, math.Abs(a[i]-b[i])), math.Max(top, math.Abs(b[i]))
	}
	if !(top > 0) || math.IsNaN(off) {
		return off
	}
	return off / top
}
