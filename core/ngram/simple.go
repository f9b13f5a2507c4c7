package ngram

import (
	"math"
	"sort"

	"rnnscope/core/say"
)

// SimpleGoodTuring is Gale and Sampson's smoothing of the Good-Turing estimates
// (Good-Turing frequency estimation without tears, 1995), for counts of counts
// with gaps. With q, r and t three neighbouring counts that occur, the line
//
//	log Z_r = Intercept + Slope·log r,  Z_r = n_r/((t - q)/2)
//
// is fitted by least squares. Turing's estimate (r+1)·n_(r+1)/n_r is taken while
// it differs from the line's r·(1+1/r)^(Slope+1) by more than 1.96 standard
// deviations, from then on the line's. What is seen is then scaled to 1 - P0.
type SimpleGoodTuring struct {
	Slope, Intercept float64
	P0               float64 // the mass of all that was not seen, n_1/N
	Switch           int64   // the first count estimated by the line
	Adjusted         []AdjustedCount
}

// AdjustedCount is r* of a count that occurs: an n-gram seen R times has the
// probability Star/N.
type AdjustedCount struct {
	R, N int64
	Star float64
}

// confidence is the quantile of the normal distribution at which Turing's
// estimate is taken to differ from the line's.
const confidence = 1.96

// NewSimpleGoodTuring estimates from counts of counts in ascending order. The
// error says what they lack.
func NewSimpleGoodTuring(counts []CountOfCount) (*SimpleGoodTuring, error) {
	if len(counts) < 2 {
		return nil, say.Errorf("simple Good-Turing needs two different counts at least")
	}
	if counts[0].R != 1 {
		return nil, say.Errorf("simple Good-Turing needs something that was seen once")
	}
	g := &SimpleGoodTuring{}
	total := 0.0
	for _, c := range counts {
		total += float64(c.R) * float64(c.N)
	}
	g.P0 = float64(counts[0].N) / total
	g.fit(counts)
	if !(g.Slope < -1) {
		return nil, say.Errorf("simple Good-Turing does not hold: the line through the counts of counts is not steeper than -1")
	}
	sum, line := 0.0, false
	for i, c := range counts {
		r := float64(c.R)
		star := r * math.Pow(1+1/r, g.Slope+1)
		if next := i + 1; !line {
			line = next == len(counts) || counts[next].R != c.R+1
			if !line {
				n, after := float64(c.N), float64(counts[next].N)
				turing := (r + 1) * after / n
				deviation := (r + 1) * math.Sqrt(after/(n*n)*(1+after/n))
				if line = math.Abs(star-turing) <= confidence*deviation; !line {
					star = turing
				}
			}
			if line {
				g.Switch = c.R
			}
		}
		g.Adjusted = append(g.Adjusted, AdjustedCount{c.R, c.N, star})
		sum += star * float64(c.N)
	}
	for i := range g.Adjusted {
		g.Adjusted[i].Star *= (1 - g.P0) * total / sum
	}
	return g, nil
}

// fit lays the line through log Z over log r.
func (g *SimpleGoodTuring) fit(counts []CountOfCount) {
	var x, y []float64
	for i, c := range counts {
		q, t := int64(0), 2*c.R
		if i > 0 {
			q = counts[i-1].R
			t = 2*c.R - q
		}
		if i+1 < len(counts) {
			t = counts[i+1].R
		}
		x = append(x, math.Log(float64(c.R)))
		y = append(y, math.Log(2*float64(c.N)/float64(t-q)))
	}
	mx, my := mean(x), mean(y)
	xy, xx := 0.0, 0.0
	for i := range x {
		xy += (x[i] - mx) * (y[i] - my)
		xx += (x[i] - mx) * (x[i] - mx)
	}
	g.Slope = xy / xx
	g.Intercept = my - g.Slope*mx
}

func mean(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}

// Star is r* of a count, and whether it occurs.
func (g *SimpleGoodTuring) Star(r int64) (star float64, ok bool) {
	i := sort.Search(len(g.Adjusted), func(i int) bool { return g.Adjusted[i].R >= r })
	if i == len(g.Adjusted) || g.Adjusted[i].R != r {
		return 0, false
	}
	return g.Adjusted[i].Star, true
}
