package probe

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/dsp/fourier"

	"rnnscope/core/scope"
)

// A unit's line through a text and a feature of the text are compared by
//
//	s = |Σ_t w(t) x(t)|
//
// which is linear in both, so that the Fourier transform yields it for every
// circular shift of the feature at once:
//
//	a feature of numbers   x the states, w the feature: both centred and of
//	                       length 1: the correlation
//	a binary feature       x the ranks of the states, scaled to (0, 1), w = 1/n₁
//	                       where it holds and -1/n₀ where not: AUC - ½
//
// Where the feature is not known, which is at the text's ends at most, w is 0;
// for the true place the score shown is then computed among known tokens alone.
// What is known in spans only is compared otherwise: see spans.go.
//
// States and features are both autocorrelated: shuffling tokens would call
// chance resemblances of two slow lines significant. Shifting one line against
// the other keeps both as they are (and a feature that is periodic in the text
// stays resembled at its periods: p says so).

// weights is w of a feature over its first n tokens; ok is false when it does
// not vary there.
func weights(f scope.Feature, n int) (w []float64, ok bool) {
	w = make([]float64, n)
	if f.Binary {
		counts := [2]float64{}
		for _, v := range f.Values[:n] {
			if v == v {
				counts[int(bit(v != 0))]++
			}
		}
		if counts[0] == 0 || counts[1] == 0 {
			return nil, false
		}
		for i, v := range f.Values[:n] {
			switch {
			case v != v:
			case v != 0:
				w[i] = 1 / counts[1]
			default:
				w[i] = -1 / counts[0]
			}
		}
		return w, true
	}
	count, mean := 0.0, 0.0
	for _, v := range f.Values[:n] {
		if v == v {
			count++
			mean += float64(v)
		}
	}
	mean /= count
	for i, v := range f.Values[:n] {
		if v == v {
			w[i] = float64(v) - mean
		}
	}
	return w, unit(w)
}

// unit scales x to length 1 and says whether it could.
func unit(x []float64) bool {
	sum := 0.0
	for _, v := range x {
		sum += v * v
	}
	if !(sum > 1e-20*float64(len(x))) {
		return false
	}
	for i := range x {
		x[i] /= math.Sqrt(sum)
	}
	return true
}

// centred is a unit's states less their mean, of length 1; zeros for a unit
// that does not move.
func centred(h []float32) []float64 {
	x, mean := make([]float64, len(h)), 0.0
	for _, v := range h {
		mean += float64(v)
	}
	mean /= float64(len(h))
	for i, v := range h {
		x[i] = float64(v) - mean
	}
	if !unit(x) {
		clear(x)
	}
	return x
}

// ranks is the rank of each of n states over n, ties sharing their mean.
func ranks(h []float32) []float64 {
	order := make([]int, len(h))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(h[a], h[b]) })
	r, n := make([]float64, len(h)), float64(len(h))
	for i := 0; i < len(order); {
		j := i + 1
		for j < len(order) && h[order[j]] == h[order[i]] {
			j++
		}
		for _, at := range order[i:j] {
			r[at] = (float64(i+j) - 1) / 2 / n
		}
		i = j
	}
	return r
}

// spectra computes s for all shifts of features against one unit after another.
type spectra struct {
	fft     *fourier.FFT
	x, prod []complex128
	s       []float64
}

func newSpectra(n int) *spectra {
	return &spectra{
		fft: fourier.NewFFT(n), x: make([]complex128, n/2+1), prod: make([]complex128, n/2+1), s: make([]float64, n),
	}
}

// transform is the spectrum of w, to be kept.
func (f *spectra) transform(w []float64) []complex128 { return f.fft.Coefficients(nil, w) }

// take transforms a unit's line.
func (f *spectra) take(x []float64) { f.x = f.fft.Coefficients(f.x, x) }

// shifted is |Σ_t w(t+k) x(t)| for k = 0 … n-1, overwritten by the next call.
func (f *spectra) shifted(w []complex128) []float64 {
	for i, c := range f.x {
		f.prod[i] = w[i] * complex(real(c), -imag(c))
	}
	f.s = f.fft.Sequence(f.s, f.prod)
	n := float64(len(f.s))
	for k := range f.s {
		f.s[k] = math.Abs(f.s[k] / n)
	}
	return f.s
}

// same is how near two values of s count as equal: the transform's rounding.
const same = 1e-10

// smooth is the largest number up to n with no prime factor above 5, for which
// the transform is fast.
func smooth(n int) int {
	for ; n > 1; n-- {
		rest := n
		for _, p := range []int{2, 3, 5} {
			for rest%p == 0 {
				rest /= p
			}
		}
		if rest == 1 {
			return n
		}
	}
	return n
}

// score is what is shown of a unit and a feature at their true place, among the
// tokens where the feature is known: AUC or correlation.
func score(f scope.Feature, h []float32) float64 {
	var known []float32
	var values []float32
	for i, v := range f.Values[:len(h)] {
		if v == v {
			known, values = append(known, h[i]), append(values, v)
		}
	}
	g := scope.Feature{Binary: f.Binary, Values: values}
	w, ok := weights(g, len(values))
	if !ok {
		return math.NaN()
	}
	x := centred(known)
	if f.Binary {
		x = ranks(known)
	}
	sum := 0.0
	for i := range x {
		sum += w[i] * x[i]
	}
	if f.Binary {
		sum += 0.5
	}
	return sum
}
