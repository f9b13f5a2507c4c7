package ngram

import "slices"

// sorter sorts one group at a time; each worker has its own.
type sorter struct {
	keys, sorted []uint64 // token<<32 | position
	tally        []uint32 // [V+1]
}

// split sorts the positions of a group, those where one n-gram begins, by the
// token after it, and adds the runs to p. Positions where the text ends before
// that token are let go; the others move to the front of the group's place.
func (s *sorter) split(b *builder, p *piece, from, count uint32, n int) {
	if count == 0 {
		return
	}
	group := b.pos[from : from+count]
	s.keys = s.keys[:0]
	for _, at := range group {
		if end := int(at) + n; end < len(b.seq) {
			if id := b.seq[end]; uint32(id) < uint32(b.Vocab) {
				s.keys = append(s.keys, uint64(id)<<32|uint64(at))
			}
		}
	}
	keys := s.keys
	if len(keys) > 1 {
		keys = s.sort(b.Vocab)
	}
	for i := 0; i < len(keys); {
		id, begin := keys[i]>>32, i
		for i < len(keys) && keys[i]>>32 == id {
			group[i] = uint32(keys[i])
			i++
		}
		p.word = append(p.word, int32(id))
		p.raw = append(p.raw, uint32(i-begin))
		if n+1 < b.Order { // else nothing follows
			p.start = append(p.start, from+uint32(begin))
		}
	}
}

// dense is the number of keys for each token of the vocabulary from which on
// counting them is faster than comparing.
const dense = 0.25

// sort returns the keys in order, in place or in s.sorted.
func (s *sorter) sort(vocab int) []uint64 {
	if len(s.keys) < 32 || float64(len(s.keys)) < dense*float64(vocab) {
		slices.Sort(s.keys)
		return s.keys
	}
	if s.tally == nil {
		s.tally = make([]uint32, vocab+1)
	}
	clear(s.tally)
	for _, k := range s.keys {
		s.tally[k>>32+1]++
	}
	for id := range vocab {
		s.tally[id+1] += s.tally[id]
	}
	s.sorted = slices.Grow(s.sorted[:0], len(s.keys))[:len(s.keys)]
	for _, k := range s.keys {
		s.sorted[s.tally[k>>32]] = k
		s.tally[k>>32]++
	}
	return s.sorted
}
