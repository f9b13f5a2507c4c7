package session

import (
	"math"
	"slices"
	"sort"
	"strings"

	"rnnscope/core/scope"
	"rnnscope/core/task"
)

// Wins says which tokens one rung predicts better than another. The answer is
// nil while one of them has not been scored.
func (d *Ladder) Wins(a, b int) <-chan *scope.Wins {
	answer := make(chan *scope.Wins, 1)
	now := d.bench.Load()
	task.Go("wins", func() { answer <- d.wins(now, a, b) })
	return answer
}

// frequencyClasses and distanceClasses are where classes begin.
var (
	frequencyClasses = []int64{0, 1, 10, 100, 1000, 10_000, 100_000, 1_000_000}
	distanceClasses  = []int64{1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000}
)

// classes makes one of each beginning, the last without an end.
func classes(from []int64) []scope.WinClass {
	out := make([]scope.WinClass, len(from))
	for i := range from {
		out[i] = scope.WinClass{From: from[i], To: -1}
		if i+1 < len(from) {
			out[i].To = from[i+1] - 1
		}
	}
	return out
}

// mostTokens is how many tokens are shown for each of two rungs, tokensAhead and
// tokensPast how many stand before and after them.
const (
	mostTokens  = 10
	tokensAhead = 40
	tokensPast  = 12
)

func (d *Ladder) wins(b *bench, x, y int) *scope.Wins {
	if x < 0 || y < 0 || x >= len(b.nats) || y >= len(b.nats) || len(b.places) == 0 || len(b.nats[x]) != len(b.places) || len(b.nats[y]) != len(b.places) {
		return nil
	}
	w := &scope.Wins{A: x, B: y, Frequency: classes(frequencyClasses), Distance: classes(distanceClasses)}
	never := scope.WinClass{From: -1, To: -1}
	ids := make([]int32, d.scored.IDs.Len())
	d.scored.IDs.Fill(ids, 0)
	v := d.text.corpus.Vocab
	last := make([]int, v.Len())
	for i := range last {
		last[i] = -1
	}
	difference := make([]float64, len(b.places))
	distance := make([]int, len(b.places))
	in := func(c *scope.WinClass, by float64) { c.Tokens++; c.Mean += by }
	read := 0
	for i, pos := range b.places {
		for ; read < int(pos); read++ {
			if ids[read] >= 0 {
				last[ids[read]] = read
			}
		}
		id := ids[pos]
		distance[i] = -1
		if last[id] >= 0 {
			distance[i] = int(pos) - last[id]
		}
		p, q := float64(b.nats[x][i]), float64(b.nats[y][i])
		difference[i] = q - p
		if math.IsInf(p, 1) || math.IsInf(q, 1) {
			if math.IsInf(p, 1) {
				w.ZeroA++
			}
			if math.IsInf(q, 1) {
				w.ZeroB++
			}
			difference[i] = math.NaN()
			continue
		}
		w.Tokens++
		w.Mean += q - p
		in(classOf(w.Frequency, d.text.corpus.Counts[id]), q-p)
		if distance[i] < 0 {
			in(&never, q-p)
		} else {
			in(classOf(w.Distance, int64(distance[i])), q-p)
		}
	}
	w.Distance = append(w.Distance, never)
	w.Mean /= float64(w.Tokens)
	for _, list := range [][]scope.WinClass{w.Frequency, w.Distance} {
		for i := range list {
			list[i].Mean /= float64(list[i].Tokens) // NaN without tokens
		}
	}
	w.ForA, w.ForB = d.extremes(b, w, ids, difference, distance)
	return w
}

// classOf is the class of a value.
func classOf(list []scope.WinClass, v int64) *scope.WinClass {
	i := sort.Search(len(list), func(i int) bool { return list[i].From > v })
	return &list[max(0, i-1)]
}

// extremes are the tokens with the largest differences either way, in their
// context.
func (d *Ladder) extremes(b *bench, w *scope.Wins, ids []int32, difference []float64, distance []int) (forA, forB []scope.WinToken) {
	order := make([]int, 0, len(difference))
	for i, x := range difference {
		if !math.IsNaN(x) {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(i, j int) int {
		switch {
		case difference[i] > difference[j]:
			return -1
		case difference[i] < difference[j]:
			return 1
		}
		return 0
	})
	v := d.text.corpus.Vocab
	text := func(from, to int) string {
		var s strings.Builder
		j := v.Joiner()
		for _, id := range ids[max(0, from):max(0, min(to, len(ids)))] {
			s.WriteString(j.Next(id))
		}
		return s.String()
	}
	token := func(i int) scope.WinToken {
		pos, id := int(b.places[i]), int(ids[b.places[i]])
		return scope.WinToken{
			Pos: pos, Before: text(pos-tokensAhead, pos), After: text(pos+1, pos+1+tokensPast),
			Token: scope.Token{ID: id, Text: v.Token(id)}, Count: d.text.corpus.Counts[id], Distance: distance[i],
			A: -float64(b.nats[w.A][i]), B: -float64(b.nats[w.B][i]),
		}
	}
	for n := 0; n < min(mostTokens, len(order)); n++ {
		if i := order[n]; difference[i] > 0 {
			forA = append(forA, token(i))
		}
		if i := order[len(order)-1-n]; difference[i] < 0 {
			forB = append(forB, token(i))
		}
	}
	return forA, forB
}
