package ngram

import "rnnscope/core/say"

// Discount is what a smoothing takes off the counts of one order.
type Discount struct {
	Order int
	// D is by count: of absolute and kn the one D, of mkn D1, D2 and D3+, of
	// katz the share d1 … dk that is left of the counts 1 … k, all others being
	// left whole.
	D []float64
	// Counts of counts n1 … n4 that D was estimated from (of katz n1 … n8).
	Counts []int64
	// Fallback says why D is not the estimate, nothing where it is.
	Fallback say.Text
}

// Discounts are those of the orders that have one, lowest first.
func (m *Model) Discounts() []Discount { return m.discounts }

// fallback is what KenLM discounts where the counts of counts give nothing
// usable (Heafield et al. 2013), as on very small or very regular texts.
var fallback = [...]float64{0.5, 1, 1.5}

// single is Ney, Essen and Kneser's (1994) discount D = n1/(n1 + 2·n2).
func single(n []int64) (d []float64, why say.Text) {
	if n[1] == 0 {
		return fallback[:1], say.Textf("no n-gram has count %d", 1)
	}
	return []float64{float64(n[1]) / float64(n[1]+2*n[2])}, say.Text{}
}

// triple are Chen and Goodman's (1998) discounts: with Y = n1/(n1 + 2·n2),
//
//	Dr = r - (r+1)·Y·n(r+1)/n(r),  r = 1, 2, 3
func triple(n []int64) (d []float64, why say.Text) {
	d = make([]float64, 3)
	for r := 1; r <= 3; r++ {
		if n[r] == 0 {
			return fallback[:], say.Textf("no n-gram has count %d", r)
		}
	}
	y := float64(n[1]) / float64(n[1]+2*n[2])
	for r := 1; r <= 3; r++ {
		d[r-1] = float64(r) - float64(r+1)*y*float64(n[r+1])/float64(n[r])
		if d[r-1] < 0 || d[r-1] > float64(r) {
			return fallback[:], say.Textf("the discount of count %d would be %.4g", r, d[r-1])
		}
	}
	return d, say.Text{}
}

// absolute fills in the discounts of every level by a rule, and interpolates.
func (m *Model) absolute(rule func(n []int64) ([]float64, say.Text)) {
	for n := 1; n <= m.Order; n++ {
		l := &m.levels[n]
		counts := m.tally(n, l.count, 4)
		d, why := rule(counts)
		l.kept = []float64{0} // what was not counted loses nothing
		for r := 1; r < len(d); r++ {
			l.kept = append(l.kept, float64(r)-d[r-1])
		}
		l.discount = d[len(d)-1]
		m.discounts = append(m.discounts, Discount{n, d, counts[1:], why})
	}
	m.interpolate()
}

// estimateAbsolute takes one D off every count (Ney, Essen & Kneser 1994).
//
//	p(w|h) = max(c(hw)-D, 0)/c(h) + D·N1+(h•)/c(h)·p(w|h')
func estimateAbsolute(m *Model) { m.absolute(single) }

// estimateKneserNey is the same with, on all levels but the last, contexts in
// place of counts (Kneser & Ney 1995): "Francisco" is frequent, but follows one
// word only, and is not to be expected after another.
func estimateKneserNey(m *Model) { m.contexts(); m.absolute(single) }

// estimateModified is the same with three discounts (Chen & Goodman 1998).
func estimateModified(m *Model) { m.contexts(); m.absolute(triple) }

func (m *Model) contexts() {
	for n := 1; n < m.Order; n++ {
		m.levels[n].count = m.Counts.levels[n].contexts
	}
}
