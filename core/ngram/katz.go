package ngram

import "rnnscope/core/say"

// katzMost is k, the highest count that Katz (1987) discounts.
const katzMost = 7

// goodTuring are Katz's Good-Turing estimates from the counts of counts n_1 …
// n_8, n[0] not used: r* = (r+1)·n_(r+1)/n_r, and the share of a count r ≤ k
// that is left,
//
//	d_r = (r*/r - A)/(1 - A),  A = (k+1)·n_(k+1)/n_1
//
// with the largest k up to 7 for which every d_r of a count that occurs is in
// (0, 1]; shares[r-1] is d_r. why says what kept k from being 7.
func goodTuring(n []int64) (adjusted, shares []float64, why say.Text) {
	if len(n) < katzMost+2 {
		panic("ngram: goodTuring needs the counts of counts up to 8")
	}
	for r := 1; r <= katzMost; r++ {
		star := 0.0
		if n[r] > 0 {
			star = float64(r+1) * float64(n[r+1]) / float64(n[r])
		}
		adjusted = append(adjusted, star)
	}
	k := katzMost
	for ; k >= 1; k-- {
		if shares = sharesLeft(n, adjusted, k); shares != nil {
			break
		}
	}
	switch k {
	case katzMost:
	case 0:
		why = say.Textf("no discount is between 0 and 1: c(h)+1 in the place of c(h) is left to the unseen")
	default:
		why = say.Textf("the counts of counts give shares between 0 and 1 up to k = %d only", k)
	}
	return adjusted, shares, why
}

// sharesLeft are d_1 … d_k, nil where one that is needed is outside (0, 1].
func sharesLeft(n []int64, adjusted []float64, k int) []float64 {
	if n[1] == 0 {
		return nil
	}
	a := float64(k+1) * float64(n[k+1]) / float64(n[1])
	shares := make([]float64, k)
	for i := range shares {
		shares[i] = 1
		if n[i+1] > 0 {
			shares[i] = (adjusted[i]/float64(i+1) - a) / (1 - a)
		}
		if !(a < 1 && shares[i] > 0 && shares[i] <= 1) {
			return nil
		}
	}
	return shares
}

// estimateKatz backs off with Good-Turing discounts (Katz 1987), as the
// CMU-Cambridge toolkit does: the unigram is the MLE; a history none of whose
// continuations is discounted gets c(h)+1 for its total, so that the unseen get
// something; where nothing is unseen the seen share all.
//
//	p(w|h) = d_c·c(hw)/c(h)  where c(hw) > 0,  else α(h)·p(w|h')
//	α(h) = (1 - Σ p(w|h))/(1 - Σ p(w|h')), sums over the w seen after h
func estimateKatz(m *Model) {
	m.form = backingOff
	total, support := 0.0, 0
	for _, c := range m.levels[1].count[:m.Vocab] {
		total += float64(c)
		if c > 0 {
			support++
		}
	}
	for id, c := range m.levels[1].count[:m.Vocab] {
		if c > 0 {
			m.unigram[id] = float64(c) / total
		}
	}
	for n := 2; n <= m.Order; n++ {
		l := &m.levels[n]
		counts := m.tally(n, l.count, katzMost+1)
		_, shares, why := goodTuring(counts)
		l.kept = []float64{0}
		for r, d := range shares {
			l.kept = append(l.kept, d*float64(r+1))
		}
		m.discounts = append(m.discounts, Discount{n, shares, counts[1:], why})
	}
	if m.Order == 1 {
		return
	}
	k := katz{m: m, support: support}
	m.suffixes(func(n int, before, link []uint32) bool {
		m.histories(n-1, func(from, to int) {
			for h := from; h < to; h++ {
				k.weigh(n-1, uint32(h), before, link)
			}
		})
		return n < m.Order
	})
}

// katz estimates the weights of histories, shortest first.
type katz struct {
	m       *Model
	support int // tokens that occur at all
}

// nearlyAll is the mass of the seen under the shorter history from which on
// what is left of 1 is summed rather than subtracted.
const nearlyAll = 0.999

// weigh finds scale and back of a history of n tokens. suffix is that of each
// history, link that of each entry of level n+1.
func (k *katz) weigh(n int, h uint32, suffix, link []uint32) {
	m := k.m
	l, next := &m.levels[n], &m.levels[n+1]
	from, to := m.Counts.levels[n].of(h)
	total, kept := 0.0, 0.0
	discounted := false
	lower := 0.0
	for e := from; e < to; e++ {
		c := next.count[e]
		left := next.keep(c)
		total += float64(c)
		kept += left
		discounted = discounted || left < float64(c)
		lower += k.seen(n, suffix, h, link[e])
	}
	switch {
	case total == 0:
		l.scale[h], l.back[h] = 0, 1
		return
	case int(to-from) == k.support:
		l.scale[h], l.back[h] = 1/kept, 0
		return
	case !discounted:
		total++
	}
	rest := 1 - lower
	if lower > nearlyAll {
		rest = k.rest(n, h, suffix, link[from:to])
	}
	l.scale[h], l.back[h] = 1/total, (total-kept)/total/rest
}

// seen is the probability, after the history h of n tokens without its first,
// of an entry of level n that continues that.
func (k *katz) seen(n int, suffix []uint32, h, entry uint32) float64 {
	if n == 1 {
		return k.m.unigram[entry]
	}
	return k.m.levels[n].keep(k.m.levels[n].count[entry]) * k.m.levels[n-1].scale[suffix[h]]
}

// rest is what the history one shorter than h gives to tokens that were not
// seen after h: those it saw itself, and all that it gives to the unseen.
func (k *katz) rest(n int, h uint32, suffix, seen []uint32) float64 {
	m := k.m
	from, to, sum := uint32(0), uint32(m.Vocab), 0.0
	if n > 1 {
		from, to = m.Counts.levels[n-1].of(suffix[h])
		kept := 0.0
		for e := from; e < to; e++ {
			kept += m.levels[n].keep(m.levels[n].count[e])
		}
		if all := int(to-from) == k.support; !all {
			sum = 1 - kept*m.levels[n-1].scale[suffix[h]]
		}
	}
	for e := from; e < to; e++ {
		if len(seen) > 0 && seen[0] == e {
			seen = seen[1:]
		} else {
			sum += k.seen(n, suffix, h, e)
		}
	}
	return sum
}
