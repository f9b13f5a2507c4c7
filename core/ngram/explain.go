package ngram

// Freed is how much probability the smoothing takes from what was seen after
// histories of n-1 tokens, for all other tokens and shorter histories to share:
// the mean over the histories, each as often as it was seen.
func (m *Model) Freed(n int) float64 {
	l, freed, all := &m.levels[n], 0.0, 0.0
	after := func(from, to uint32, scale func(total float64) float64) {
		total, kept := 0.0, 0.0
		for e := from; e < to; e++ {
			total += float64(l.count[e])
			kept += m.count(n, e)
		}
		if total > 0 {
			all += total
			freed += total * (1 - kept*scale(total))
		}
	}
	if n == 1 {
		after(0, uint32(m.Vocab), func(total float64) float64 { return 1 / (total + m.Smoothing.K*float64(m.Vocab)) })
	} else {
		for h, scale := range m.levels[n-1].scale {
			from, to := m.Counts.levels[n-1].of(uint32(h))
			after(from, to, func(float64) float64 { return scale })
		}
	}
	if all == 0 {
		return 0
	}
	return freed / all
}

// Term is what a probability is made of at one length of history.
type Term struct {
	Length int     // tokens of the history
	Count  int64   // of the token after it, as the smoothing counts
	Total  int64   // of all tokens after it
	Back   float64 // the weight of the shorter history, 0 at length 0
	P      float64 // as a model of that order would say with these levels
}

// Terms are the steps from the unigram to P of an id, as far as the history was
// seen. A flat model has one step, of the whole history.
func (s *State) Terms(id int32) []Term {
	s.find(id)
	m := s.m
	var terms []Term
	for k := 0; k <= s.seen; k++ {
		t := Term{Length: k, P: m.unigram[id]}
		l := &m.levels[k+1]
		if s.found > k {
			t.Count = int64(l.count[s.next[k]])
		}
		from, to := uint32(0), uint32(m.Vocab)
		if k > 0 {
			from, to = m.Counts.levels[k].of(s.nodes[k])
			t.Back = m.levels[k].back[s.nodes[k]]
			part := *s
			part.seen, part.length = k, k
			part.found = min(s.found, k+1)
			t.P = part.P(id)
		}
		for _, c := range l.count[from:to] {
			t.Total += int64(c)
		}
		if m.form != flat || k == s.length {
			terms = append(terms, t)
		}
	}
	return terms
}

// Length is how many tokens the state remembers, Seen how many of them, from
// the last back, were seen together: the history that the model can use.
func (s *State) Length() int { return s.length }
func (s *State) Seen() int   { return s.seen }

// rounding is a difference of probabilities that is none: maximum likelihood moves
// nothing.
const rounding = 1e-12

// Moved is the mass that smoothing moves after this history: what tokens have
// less than their share of the occurrences. unseen is what the tokens have that
// were never seen after it. Both are 0, and ok false, after a history that was
// not seen.
func (s *State) Moved() (moved, unseen float64, ok bool) {
	if s.seen < s.length {
		return 0, 0, false
	}
	n := s.length + 1
	raw := s.m.Counts.levels[n].raw
	from, to := uint32(0), uint32(s.m.Vocab)
	if n > 1 {
		from, to = s.m.Counts.levels[n-1].of(s.nodes[n-1])
	}
	total := 0.0
	for _, c := range raw[from:to] {
		total += float64(c)
	}
	if total == 0 {
		return 0, 0, false
	}
	p := make([]float64, s.m.Vocab)
	s.Distribution(p)
	for e := from; e < to; e++ {
		id := int32(e)
		if n > 1 {
			id = s.m.Counts.levels[n].word[e]
		}
		if raw[e] == 0 {
			continue
		}
		if less := float64(raw[e])/total - p[id]; less > rounding {
			moved += less
		}
		p[id] = 0
	}
	for _, q := range p {
		unseen += q
	}
	return moved, unseen, true
}

// Clone is a state of its own at the same place.
func (s *State) Clone() *State { c := *s; return &c }
