package session

import (
	"math"
	"strings"

	"rnnscope/core/sample"
	"rnnscope/corpora"
)

// SentenceScore is what a model makes of a sentence; logarithms are in nats.
type SentenceScore struct {
	Sentence   string       `json:"sentence"`
	LogP       Number       `json:"log_p"` // Σ over the tokens scored
	Tokens     []TokenScore `json:"tokens"`
	Scored     int          `json:"scored"`
	Perplexity Number       `json:"perplexity"` // e^(-log p / scored)
	Unknown    int          `json:"unknown"`
	Reason     string       `json:"reason,omitempty"` // why a number is null
}

// TokenScore is ln p of a token given those before it. It is null where the
// token was not scored and where it is infinite; Reason says which.
type TokenScore struct {
	Token  string `json:"token"`
	ID     int    `json:"id"`
	LogP   Number `json:"log_p"`
	Reason string `json:"reason,omitempty"`
}

// exact is a writer that knows the probability of one token better than its
// logits say, in float64 and where it is 0, and without those of all the others.
type exact interface {
	LogP(id int32) float64
	Read(id int32)
}

// reader reads a sentence with a model, token by token.
type reader struct {
	model  sample.Writer
	exact  exact // the same, or nil
	begun  bool  // something was read
	logits []float32
}

// read begins after the start token: <eos> at word level, newline at character
// level.
func read(model sample.Writer, vocab *corpora.Vocabulary) *reader {
	r := &reader{model: model}
	r.exact, _ = model.(exact)
	model.Reset()
	if start := vocab.Start(); start >= 0 {
		r.step(start)
	}
	return r
}

func (r *reader) step(id int) {
	r.begun = true
	if r.exact != nil {
		r.exact.Read(int32(id))
		return
	}
	r.logits = r.model.Step(id)
}

// next reads a token, and returns ln p of it given those before, NaN when it is
// not scored, and why.
func (r *reader) next(id int) (logP float64, reason string) {
	switch {
	case id < 0:
		logP, reason = math.NaN(), "the model does not know the symbol"
	case !r.begun:
		logP, reason = math.NaN(), "nothing stands before it"
	case r.exact != nil:
		logP = r.exact.LogP(int32(id))
	default:
		logP = logSoftmax(r.logits, id)
		reason = why("log_p", Number(logP))
	}
	if math.IsInf(logP, -1) {
		reason = "the probability is 0"
	}
	r.step(id)
	return logP, reason
}

// logSoftmax is z_id - ln Σ e^z, the sum relative to the largest z.
func logSoftmax(logits []float32, id int) float64 {
	highest := math.Inf(-1)
	for _, z := range logits {
		highest = max(highest, float64(z)) // NaN stays NaN
	}
	sum := 0.0
	for _, z := range logits {
		sum += math.Exp(float64(z) - highest)
	}
	return float64(logits[id]) - highest - math.Log(sum)
}

// Score reads a sentence after the start token, which is not scored itself; a
// vocabulary without one leaves the first token unscored. end adds <eos>, at
// character level a newline, where the vocabulary has it. A symbol without an id
// is read but not scored; a word that is <unk> is scored as <unk>. Both count as
// unknown.
func Score(model sample.Writer, vocab *corpora.Vocabulary, sentence string, end bool) SentenceScore {
	s := SentenceScore{Sentence: sentence, Tokens: []TokenScore{}}
	ids := vocab.Encode(sentence)
	var symbols []rune
	if vocab.Level() == corpora.Char {
		symbols = []rune(strings.ReplaceAll(sentence, "\r\n", "\n"))
	}
	if last := vocab.Start(); end && last >= 0 {
		ids = append(ids, int32(last))
	}
	r := read(model, vocab)
	sum := 0.0
	for i, id := range ids {
		t := TokenScore{Token: corpora.Unknown, ID: int(id)}
		switch {
		case id >= 0:
			t.Token = vocab.Token(int(id))
		case symbols != nil:
			t.Token = string(symbols[i])
		}
		if id < 0 || int(id) == vocab.Unknown() {
			s.Unknown++
		}
		scored := id >= 0 && r.begun
		logP, reason := r.next(int(id))
		t.LogP, t.Reason = Number(logP), reason
		if scored {
			sum += logP
			s.Scored++
		}
		s.Tokens = append(s.Tokens, t)
	}
	s.LogP, s.Perplexity = Number(sum), Number(math.Exp(-sum/float64(s.Scored)))
	switch {
	case s.Scored == 0:
		s.LogP, s.Perplexity = Number(math.NaN()), Number(math.NaN())
		s.Reason = "no token was scored"
	case math.IsInf(sum, -1):
		s.Reason = "a token has probability 0"
	default:
		if s.Reason = why("log_p", s.LogP); s.Reason == "" {
			s.Reason = why("perplexity", s.Perplexity)
		}
	}
	return s
}
