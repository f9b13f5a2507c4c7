package corpora

// describe adds to a corpus what the grammar knows. That holds for the tokens
// the grammar made: changed by lower case or <unk> they have no known floor,
// and read at another level no scored positions.
func (m *material) describe(c *Corpus) {
	if m.grammar == nil || c.Options.Lowercase {
		return
	}
	for part, split := range [3]*Split{&c.Train, &c.Valid, &c.Test} {
		g := m.generated[part]
		if g == nil || split.Unknown > 0 || split.IDs.Len() < 2 {
			continue
		}
		split.FloorNats = g.floor(m.level, c.Level, split.IDs.Len())
		if c.Level == m.level && split.IDs.Len() == g.tokens {
			split.Scored = g.scored
			c.Phenomenon = describe(m.grammar, c.Vocab)
		}
	}
}

// describe is the phenomenon of a grammar with ids for its tokens.
func describe(g grammar, v *Vocabulary) *Phenomenon {
	p, e := g.phenomenon(), g.expected()
	out := &Phenomenon{Title: p.title, Classes: p.classes, WholeLine: p.wholeLine, Floor: e.floor(), Forgets: e.forgetful()}
	for _, sets := range p.choices {
		var choice [][]int32
		for _, set := range sets {
			var ids []int32
			for _, token := range set {
				if id, ok := v.ID(token); ok {
					ids = append(ids, int32(id))
				}
			}
			choice = append(choice, ids)
		}
		out.Choices = append(out.Choices, choice)
	}
	return out
}
