package ngram

import (
	"fmt"
	"time"
	"unsafe"
)

// Model is one smoothing of the counts up to one order. For a history h of k
// tokens that was seen, h' without its first, and w with count c after h:
//
//	p(w|h) = kept(c)·scale(h) + back(h)·p(w|h')     interpolated
//	p(w|h) = kept(c)·scale(h), or where c is 0
//	         back(h)·p(w|h')                        backing off
//	p(w|h) = kept(c)·scale(h) + back(h)/V           flat
//
// and p(w|h) = p(w|h') after a history that was not seen. A flat model (MLE,
// add-k) looks at the whole history only: where it was not seen, add-k says 1/V,
// and MLE has no distribution: every probability is 0.
//
// A Model does not change; any number of goroutines may read it.
type Model struct {
	*Counts
	Order     int
	Smoothing Smoothing
	Seconds   float64 // to estimate; to count up to the order: Counts.Seconds

	form      form
	levels    []smoothed // by order; levels[0] is empty
	unigram   []float64  // p(w) after no history, [V]
	discounts []Discount
}

type form uint8

const (
	interpolated form = iota
	backingOff
	flat
)

// smoothed is what a smoothing makes of a level.
type smoothed struct {
	count       []uint32  // that of each entry which the smoothing goes by
	kept        []float64 // what of a count counts; beyond the last, the count less discount
	discount    float64
	scale, back []float64 // of each entry as a history; nil on the last level
}

// keep is what is left of a count.
func (s *smoothed) keep(c uint32) float64 {
	if int(c) < len(s.kept) {
		return s.kept[c]
	}
	return float64(c) - s.discount
}

// Model estimates a model from the counts. It panics on an order that was not
// counted and a smoothing that does not exist.
func (c *Counts) Model(order int, s Smoothing) *Model {
	if order < 1 || order > c.Order {
		panic(fmt.Sprintf("ngram: a model of order %d from counts up to %d", order, c.Order))
	}
	began := time.Now()
	m := &Model{Counts: c, Order: order, Smoothing: s, levels: make([]smoothed, order+1), unigram: make([]float64, c.Vocab)}
	for n := 1; n <= order; n++ {
		m.levels[n].count = c.levels[n].raw
	}
	smoothings[s.index()].estimate(m)
	m.Seconds = time.Since(began).Seconds()
	return m
}

// histories makes room for the weights of the histories and calls f with each
// range of histories of n tokens.
func (m *Model) histories(n int, f func(from, to int)) {
	l := &m.levels[n]
	l.scale, l.back = make([]float64, len(l.count)), make([]float64, len(l.count))
	over(m.threads, len(l.count), f)
}

// interpolate fills in an interpolated model, given the discounts: of each
// history the total of its counts, and what the discounts took of it, which
// goes to the history one shorter and at last to 1/V.
func (m *Model) interpolate() {
	m.form = interpolated
	for n := 1; n < m.Order; n++ {
		l, next := &m.levels[n], &m.levels[n+1]
		m.histories(n, func(from, to int) {
			for h := from; h < to; h++ {
				a, b := m.Counts.levels[n].of(uint32(h))
				l.scale[h], l.back[h] = next.weights(next.count[a:b])
			}
		})
	}
	first := &m.levels[1]
	scale, back := first.weights(first.count[:m.Vocab])
	for id := range m.unigram {
		m.unigram[id] = first.keep(first.count[id])*scale + back/float64(m.Vocab)
	}
}

// weights are scale and back of a history that is followed so often by each of
// its continuations.
func (s *smoothed) weights(counts []uint32) (scale, back float64) {
	total, freed := 0.0, 0.0
	for _, c := range counts {
		total += float64(c)
		freed += float64(c) - s.keep(c)
	}
	if total == 0 {
		return 0, 1
	}
	return 1 / total, freed / total
}

// Entries is the number of n-grams of all orders that the model holds: those
// seen, and all unigrams.
func (m *Model) Entries() int64 {
	total := int64(m.Vocab)
	for n := 2; n <= m.Order; n++ {
		total += int64(m.Counts.levels[n].len())
	}
	return total
}

// Bytes is the memory of the arrays that the model reads.
func (m *Model) Bytes() int64 {
	total := size(m.unigram)
	for n := 1; n <= m.Order; n++ {
		l, s := &m.Counts.levels[n], &m.levels[n]
		total += size(l.word) + size(s.count) + size(s.scale) + size(s.back)
		if n < m.Order {
			total += size(l.first)
		}
	}
	return total
}

func size[T any](s []T) int64 { return int64(len(s)) * int64(unsafe.Sizeof(*new(T))) }
