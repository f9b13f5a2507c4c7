package ngram

// estimateAdditive adds K to every count: 0 is maximum likelihood, 1 Laplace.
//
//	p(w|h) = (c(hw) + K)/(c(h) + K·V)
func estimateAdditive(m *Model) {
	m.form = flat
	k, mass := m.Smoothing.K, m.Smoothing.K*float64(m.Vocab)
	weights := func(counts []uint32) (scale, back float64) {
		total := mass
		for _, c := range counts {
			total += float64(c)
		}
		if total == 0 {
			return 0, 0
		}
		return 1 / total, mass / total
	}
	for n := 1; n < m.Order; n++ {
		l, next := &m.levels[n], &m.levels[n+1]
		m.histories(n, func(from, to int) {
			for h := from; h < to; h++ {
				a, b := m.Counts.levels[n].of(uint32(h))
				l.scale[h], l.back[h] = weights(next.count[a:b])
			}
		})
	}
	count := m.levels[1].count[:m.Vocab]
	scale, _ := weights(count)
	for id, c := range count {
		m.unigram[id] = (float64(c) + k) * scale
	}
}
