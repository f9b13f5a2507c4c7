package views

import (
	"math"
	"strconv"
	"strings"
)

// Tick is a labelled value of an axis.
type Tick struct {
	Value float64
	Label string
}

// Ticks returns at most n round values between the ends of the axis, labelled
// alike. Whole keeps them to whole numbers.
func (s Scale) Ticks(n int, whole bool) []Tick {
	if span := s.Max - s.Min; n < 1 || !(span > smallest) || math.IsInf(span, 1) {
		return nil
	}
	if s.Log && s.Min > 0 {
		if values := s.decades(n); len(values) > 0 {
			return label(values, math.NaN())
		}
	}
	step := s.roundStep(n)
	if whole {
		if step = max(step, 1); step != math.Trunc(step) { // 2.5
			step *= 2
		}
	}
	var values []float64
	first, last := s.multiples(step)
	for i := 0.0; first+i <= last && i < float64(n); i++ {
		values = append(values, (first+i)*step)
	}
	return label(values, step)
}

// roundStep returns the smallest of ..., 1, 2, 2.5, 5, 10, ... of which at most
// n multiples are on the axis.
func (s Scale) roundStep(n int) float64 {
	unit := math.Pow(10, math.Floor(math.Log10((s.Max-s.Min)/float64(n+1))))
	for {
		for _, m := range [...]float64{1, 2, 2.5, 5} {
			if first, last := s.multiples(m * unit); last-first < float64(n) {
				return m * unit
			}
		}
		unit *= 10
	}
}

// multiples returns which multiples of step are on the axis, rounding apart.
func (s Scale) multiples(step float64) (first, last float64) {
	return math.Ceil(s.Min/step - 1e-9), math.Floor(s.Max/step + 1e-9)
}

// decades returns at most n values of a logarithmic axis: the powers of ten
// with as many values between them as there is room for, or every second,
// third, fifth ... power. There are none where all of the axis lies between two
// of its finest values.
func (s Scale) decades(n int) (values []float64) {
	lo, hi := int(math.Floor(math.Log10(s.Min))), int(math.Ceil(math.Log10(s.Max)))
	collect := func(every int, mantissas ...float64) bool {
		values = values[:0]
		for e := lo; e <= hi; e++ {
			if e%every != 0 {
				continue
			}
			for _, m := range mantissas {
				v, err := strconv.ParseFloat(strconv.FormatFloat(m, 'f', -1, 64)+"e"+strconv.Itoa(e), 64)
				if err == nil && v >= s.Min*(1-1e-9) && v <= s.Max*(1+1e-9) {
					values = append(values, v)
				}
			}
			if len(values) > n {
				return false
			}
		}
		return true
	}
	if collect(1, 1, 2, 3, 4, 5, 6, 7, 8, 9) || collect(1, 1, 2, 5) || collect(1, 1, 3) {
		if len(values) > 1 {
			return values
		}
		return nil
	}
	for _, every := range []int{1, 2, 3, 5, 10, 20, 50, 100} {
		if collect(every, 1) {
			return values
		}
	}
	return nil
}

// label writes values with one number of decimals and one unit. A step of NaN
// says that they are the round values of a logarithmic axis.
func label(values []float64, step float64) []Tick {
	ticks := make([]Tick, len(values))
	top, low := 0.0, math.Inf(1)
	for _, v := range values {
		if a := math.Abs(v); a > 0 {
			top, low = max(top, a), min(low, a)
		}
	}
	for i, v := range values {
		ticks[i] = Tick{v, tickLabel(v, step, low, top)}
	}
	return ticks
}

func tickLabel(v, step, low, top float64) string {
	logarithmic := math.IsNaN(step)
	if top >= 1e12 || logarithmic && low < 1e-3 || top < 1e-4 {
		return exponential(v, step)
	}
	if logarithmic {
		unit, suffix := metric(math.Abs(v))
		return thousands(strconv.FormatFloat(v/unit, 'f', -1, 64)) + suffix
	}
	unit, suffix := metric(top)
	if v == 0 && unit > 1 {
		return "0"
	}
	decimals := 0
	for d := step / unit; decimals < 12 && math.Abs(d-math.Round(d)) > 1e-6*d; decimals++ {
		d *= 10
	}
	return thousands(strconv.FormatFloat(v/unit+0, 'f', decimals, 64)) + suffix
}

// exponential writes the powers of ten as 1e-5 and other values with as many
// digits as tell them from their neighbours a step away.
func exponential(v, step float64) string {
	if v == 0 {
		return "0"
	}
	digits := -1
	if !math.IsNaN(step) {
		last := int(math.Floor(math.Log10(step) + 1e-9))
		if m := step / math.Pow(10, float64(last)); math.Abs(m-math.Round(m)) > 1e-6 {
			last--
		}
		digits = max(int(math.Floor(math.Log10(math.Abs(v))+1e-9))-last, 0)
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(v, 'e', digits, 64), "e")
	e, err := strconv.Atoi(exponent)
	if err != nil {
		panic("views: axis: exponent " + exponent)
	}
	return mantissa + "e" + strconv.Itoa(e)
}

// metric returns the unit in which an axis up to a magnitude is labelled.
func metric(top float64) (unit float64, suffix string) {
	switch {
	case top >= 1e9:
		return 1e9, "G"
	case top >= 1e6:
		return 1e6, "M"
	case top >= 1e4:
		return 1e3, "k"
	}
	return 1, ""
}

// thousands puts commas between the thousands of a decimal number.
func thousands(s string) string {
	whole, fraction := s, ""
	if i := strings.IndexByte(s, '.'); i >= 0 {
		whole, fraction = s[:i], s[i:]
	}
	first := strings.IndexFunc(whole, func(r rune) bool { return r >= '0' && r <= '9' })
	for i := len(whole) - 3; i > first; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	return whole + fraction
}

// Figures writes a value as it stands beside a cursor: with about four
// significant digits, whole numbers below a billion in full.
func Figures(v float64) string {
	a := math.Abs(v)
	decimals := 4
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return strconv.FormatFloat(v, 'g', -1, 64)
	case v == math.Trunc(v) && a < 1e9 || a >= 1000 && a < 1e5:
		decimals = 0
	case a >= 1e5 || a < 0.01:
		return exponential(v, math.Pow(10, math.Floor(math.Log10(a))-2))
	case a >= 1:
		decimals = 3 - int(math.Log10(a))
	}
	return thousands(strconv.FormatFloat(v+0, 'f', decimals, 64))
}
