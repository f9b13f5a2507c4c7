package session

import (
	"rnnscope/core/scope"
	"rnnscope/corpora"
)

// subjectNumber is the number of a sentence's subject, 1 for the plural, at the
// tokens from … from+n-1 of a split of the agreement corpus: known from the noun
// to the token before the verb. The training split and other corpora do not know
// it: ok is false.
func subjectNumber(c *corpora.Corpus, split corpora.Split, from, n int) (f scope.Feature, ok bool) {
	if !c.Builtin || c.Name != "agreement" || c.Phenomenon == nil {
		return f, false
	}
	var spans []scope.KnownSpan
	end := int32(c.Vocab.EOS())
	var before [1]int32
	for _, s := range split.Scored {
		if s.Pos < from {
			continue
		}
		// "the" begins the line and the subject follows it.
		start := s.Pos
		for start > 0 {
			if split.IDs.Fill(before[:], start-1); before[0] == end {
				break
			}
			start--
		}
		if start >= from+n {
			break
		}
		spans = append(spans, scope.KnownSpan{From: start + 1 - from, To: s.Pos - from, Value: float32(s.Right)})
	}
	return scope.KnownIn("subject is plural", true, n, spans), len(spans) > 0
}
