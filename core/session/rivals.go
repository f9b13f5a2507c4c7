package session

import (
	"math"

	"rnnscope/core/ngram"
	"rnnscope/core/scope"
	"rnnscope/core/task"
	"rnnscope/corpora"
)

// Tokens of a training split up to which characters are counted up to the longest
// order of the ladder beside the training, up to which n-grams of the usual order
// are, and up to which trigrams are: counting takes time and memory from it.
const (
	longestRivals = 1 << 19
	fullRivals    = 4 << 20
	shortRivals   = 32 << 20
)

// rivalOrder is the longest order counted for a text, 0 for none.
func rivalOrder(c *corpora.Corpus) int {
	switch n := c.Train.IDs.Len(); {
	case n <= longestRivals && c.Level == corpora.Char:
		return longOrder
	case n <= fullRivals:
		return NgramOrder(c.Level)
	case n <= shortRivals:
		return 3
	}
	return 0
}

// count counts n-grams on a goroutine of its own, as slowly as the trainer's, and
// tells the exploration what they make of the validation split, order by order.
// They are modified Kneser-Ney, and are scored on the tokens that networks are:
// all but the first.
func (l *Live) count() {
	c := l.Text.corpus
	order := rivalOrder(c)
	if order == 0 || c.Valid.IDs.Len() < 2 || c.StandIn {
		return
	}
	task.Go("n-grams", func() {
		task.Lower()
		counts, err := CountNgrams(c, ngram.Options{Order: order, Threads: 1, Stop: l.Ended})
		if err != nil {
			return // ended, or nothing to count: there is no line to compare with
		}
		smoothing, err := ngram.ParseSmoothing("mkn")
		if err != nil {
			panic("session: " + err.Error())
		}
		for n := 1; n <= order; n++ {
			e := EvaluateNgram(counts.Model(n, smoothing), c, c.Valid, "valid", false, l.Ended)
			if l.Ended() {
				return
			}
			if e == nil || math.IsNaN(float64(e.Loss)) || math.IsInf(float64(e.Loss), 0) {
				continue
			}
			rival := scope.Rival{Order: n, Loss: float64(e.Loss)}
			l.inbox.put(func() { l.rivals = append(l.rivals[:len(l.rivals):len(l.rivals)], rival) })
		}
	})
}
