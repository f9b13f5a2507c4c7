package ngram

import "math"

// State is a place in a text: what a model of order n has read, of which it
// remembers n-1 tokens at most. It belongs to one goroutine.
type State struct {
	m      *Model
	length int                  // tokens remembered
	seen   int                  // the longest suffix of them that was counted
	nodes  [MaxOrder]uint32     // the entry on level k of the last k tokens, k = 1 … seen
	next   [MaxOrder + 1]uint32 // the entry on level k+1 of those with the token of the last P
	found  int                  // next[0 … found-1] exist; -1 when P was not asked
	asked  int32
}

// Start is the place before the first token: of a sentence, after <s>, where
// lines are sentences.
func (m *Model) Start() *State {
	s := &State{m: m}
	s.Reset()
	return s
}

// Reset goes back to the start.
func (s *State) Reset() {
	s.length, s.seen, s.found = 0, 0, -1
	if s.m.Lines && s.m.Order > 1 && s.m.Counts.levels[1].raw[s.m.Vocab] > 0 {
		s.length, s.seen, s.nodes[1] = 1, 1, uint32(s.m.Vocab)
	}
}

// After is the place after a history, of which nothing is known before; where
// lines are sentences it may begin with Counts.Beginning.
func (m *Model) After(history ...int32) *State {
	s := m.Start()
	s.Read(-1)
	for _, id := range history {
		s.Read(id)
	}
	return s
}

// Read goes past a token. One without an id, -1, is what nothing is remembered
// across; where lines are sentences, their end begins a new one.
func (s *State) Read(id int32) {
	if id < 0 {
		s.length, s.seen, s.found = 0, 0, -1
		return
	}
	if s.m.Lines && (id == int32(s.m.EOS) || id == s.m.Beginning()) {
		s.Reset()
		return
	}
	s.find(id)
	s.length = min(s.length+1, s.m.Order-1)
	s.seen = min(s.found, s.length)
	copy(s.nodes[1:s.seen+1], s.next[:])
	s.found = -1
}

// find looks for the id after every suffix of the history, the empty one first.
// Where a suffix does not have it, none that is longer has.
func (s *State) find(id int32) {
	if s.found >= 0 && s.asked == id {
		return
	}
	s.asked = id
	s.next[0], s.found = uint32(id), 1
	for k := 1; k <= s.seen; k++ {
		entry, ok := s.m.child(k+1, s.nodes[k], id)
		if !ok {
			break
		}
		s.next[k], s.found = entry, k+1
	}
}

// P is the probability of an id that comes next.
func (s *State) P(id int32) float64 {
	s.find(id)
	m := s.m
	if m.form == flat && s.length > 0 {
		if s.seen < s.length {
			return m.unheard()
		}
		l, k := &m.levels[s.length], s.length
		p := l.back[s.nodes[k]] / float64(m.Vocab)
		if s.found > k {
			p += m.count(k+1, s.next[k]) * l.scale[s.nodes[k]]
		}
		return p
	}
	p := m.unigram[id]
	for k := 1; k <= s.seen; k++ {
		l, node := &m.levels[k], s.nodes[k]
		switch {
		case s.found <= k:
			p *= l.back[node]
		case m.form == backingOff:
			p = m.count(k+1, s.next[k]) * l.scale[node]
		default:
			p = p*l.back[node] + m.count(k+1, s.next[k])*l.scale[node]
		}
	}
	return p
}

// count is what is left of the count of an entry.
func (m *Model) count(n int, entry uint32) float64 {
	return m.levels[n].keep(m.levels[n].count[entry])
}

// unheard is what a flat model says of every token after a history that was not
// seen: maximum likelihood divides 0 by 0 and has nothing to say.
func (m *Model) unheard() float64 {
	if m.Smoothing.K == 0 {
		return 0
	}
	return 1 / float64(m.Vocab)
}

// LogP is ln P, -Inf where it is 0.
func (s *State) LogP(id int32) float64 { return math.Log(s.P(id)) }

// Distribution fills p, [V], with the probability of every id that may come
// next.
func (s *State) Distribution(p []float64) {
	m := s.m
	if len(p) != m.Vocab {
		panic("ngram: a distribution of another size than the vocabulary")
	}
	copy(p, m.unigram)
	begin := 1
	if m.form == flat && s.length > 0 {
		for id := range p {
			p[id] = 1 / float64(m.Vocab)
		}
		if begin = s.length; s.seen < s.length {
			for id := range p {
				p[id] = m.unheard()
			}
		}
	}
	for k := begin; k <= s.seen; k++ {
		l, node := &m.levels[k], s.nodes[k]
		if back := l.back[node]; back != 1 {
			for id := range p {
				p[id] *= back
			}
		}
		from, to := m.Counts.levels[k].of(node)
		for e := from; e < to; e++ {
			id := m.Counts.levels[k+1].word[e]
			seen := m.count(k+1, e) * l.scale[node]
			if m.form == backingOff {
				p[id] = seen
			} else {
				p[id] += seen
			}
		}
	}
}
