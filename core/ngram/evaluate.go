package ngram

import "math"

// Evaluation is what a model makes of a text.
type Evaluation struct {
	Tokens  int     // scored
	Unknown int     // symbols without an id, not scored
	Zero    int     // scored tokens whose probability is 0
	Loss    float64 // mean, nats per token; +Inf when Zero > 0, 0 when nothing was scored
}

// Evaluate scores a text from the start. Of a stream the first token is not
// scored unless first says so, as networks cannot score theirs; it is read. Where
// lines are sentences every token is scored. visit, when not nil, is called in
// order with the position of each scored token, its surprisal in nats and the
// state before it. It stops early when stop, if not nil, returns true.
func (m *Model) Evaluate(text Tokens, first bool, visit func(pos int, nats float64, before *State), stop func() bool) Evaluation {
	var e Evaluation
	s := m.Start()
	sum, ended := 0.0, false
	pos := -1
	each(text, 0, func(id int32) {
		if pos++; ended || pos%block == 0 && stop != nil && stop() {
			ended = true
			return
		}
		switch {
		case id < 0:
			e.Unknown++
		case pos > 0 || first || m.Lines:
			nats := -s.LogP(id)
			if math.IsInf(nats, 1) {
				e.Zero++
			}
			e.Tokens++
			sum += nats
			if visit != nil {
				visit(pos, nats, s)
			}
		}
		s.Read(id)
	})
	if e.Tokens > 0 {
		e.Loss = sum / float64(e.Tokens)
	}
	return e
}
