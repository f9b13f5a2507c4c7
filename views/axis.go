package views

import "math"

// Scale is the way from values to places on an axis: linear, or by the
// logarithm, where only values above zero have a place.
type Scale struct {
	Min, Max float64
	Log      bool
}

// At returns where on the axis v is, 0 at Min and 1 at Max, also beyond them.
// It is NaN for a value that has no place.
func (s Scale) At(v float64) float64 {
	if math.IsInf(v, 0) || s.Log && v <= 0 {
		return math.NaN()
	}
	if s.Log {
		lo := math.Log(s.Min)
		return (math.Log(v) - lo) / (math.Log(s.Max) - lo)
	}
	return (v - s.Min) / (s.Max - s.Min)
}

// Value is the inverse of At.
func (s Scale) Value(at float64) float64 {
	if s.Log {
		lo := math.Log(s.Min)
		return math.Exp(lo + at*(math.Log(s.Max)-lo))
	}
	return s.Min + at*(s.Max-s.Min)
}

// The largest and smallest magnitudes on an axis: differences and quotients of
// these are still ordinary numbers.
const (
	largest  = 1e150
	smallest = 1e-150
)

// extent is the range of the values that an axis has to show. NaN, infinities
// and, on a logarithmic axis, values that are not above zero do not count.
type extent struct {
	lo, hi float64
	any    bool
}

func (e *extent) add(v float64, log bool) {
	if math.IsNaN(v) || math.IsInf(v, 0) || log && v <= 0 {
		return
	}
	v = min(max(v, -largest), largest)
	if log {
		v = max(v, smallest)
	}
	if !e.any {
		e.lo, e.hi, e.any = v, v, true
	}
	e.lo, e.hi = min(e.lo, v), max(e.hi, v)
}

// scale returns an axis that shows the extent; without values, or around a
// single one, it has room all the same.
func (e extent) scale(log bool) Scale {
	s := Scale{e.lo, e.hi, log}
	switch {
	case !e.any && log:
		s.Min, s.Max = 1, 10
	case !e.any:
		s.Min, s.Max = 0, 1
	case e.hi-e.lo > 1e-12*max(math.Abs(e.lo), math.Abs(e.hi), smallest):
	case log:
		s.Min, s.Max = e.lo/2, e.hi*2
	default:
		room := max(math.Abs(e.lo)/10, smallest)
		if e.lo == 0 {
			room = 1
		}
		s.Min, s.Max = e.lo-room, e.hi+room
	}
	return s
}
