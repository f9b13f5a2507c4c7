package session

import (
	"math"
	"slices"

	"rnnscope/core/ngram"
	"rnnscope/core/sample"
	"rnnscope/core/scope"
	"rnnscope/core/task"
	"rnnscope/core/window"
)

// mostDemo is how many of the last tokens of a typed text the window demo reads:
// each is replaced once, and the text read anew.
const mostDemo = 60

// WindowDemo shows what the window model sees of a typed text and what it does
// not, beside the network of a cell. marked is the token, from 0, whose weights
// are shown. The answer is nil before the networks are made.
func (d *Ladder) WindowDemo(text, cell string, marked int) <-chan *scope.WindowDemo {
	answer := make(chan *scope.WindowDemo, 1)
	now := d.bench.Load()
	task.Go("window demo", func() { answer <- d.windowDemo(now, text, cell, marked) })
	return answer
}

func (d *Ladder) windowDemo(b *bench, text, cell string, marked int) *scope.WindowDemo {
	var win, net *frozenRacer
	for i := range b.racers {
		r := &b.racers[i]
		switch {
		case r.window != nil:
			win = r
		case r.network.Cell == cell:
			net = r
		}
	}
	if win == nil || net == nil {
		return nil
	}
	v := d.text.corpus.Vocab
	ids := v.Encode(text)
	ids = ids[max(0, len(ids)-mostDemo):]
	w := &scope.WindowDemo{Length: win.window.Length, Updates: win.updates, Cell: cell, Hidden: win.window.Hidden}
	for _, id := range ids {
		w.Tokens = append(w.Tokens, d.token(id))
	}
	steps := win.window.NewStepper()
	other := net.network.NewStepper()
	p, q := distribution(steps, ids), distribution(other, ids)
	for _, id := range steps.Window() {
		t := scope.Token{ID: int(id)}
		if id != win.window.Padding() {
			t = d.token(id)
		}
		w.Slots = append(w.Slots, t)
	}
	if len(ids) > 0 {
		w.Next = [2][]scope.Candidate{d.likely(p), d.likely(q)}
	}
	usual := d.text.Counts()
	w.Instead = scope.Token{ID: usual[0].ID, Text: usual[0].Text}
	if len(usual) > 1 {
		w.InsteadOf = scope.Token{ID: usual[1].ID, Text: usual[1].Text}
	}
	for i, id := range ids {
		changed := slices.Clone(ids)
		changed[i] = int32(usual[0].ID)
		if id == changed[i] && len(usual) > 1 {
			changed[i] = int32(usual[1].ID)
		}
		w.Window = append(w.Window, apart(p, distribution(steps, changed)))
		w.Network = append(w.Network, apart(q, distribution(other, changed)))
	}
	if len(ids) > 0 {
		w.Marked = max(0, min(marked, len(ids)-1))
		w.Weights = make([]float32, w.Length*w.Hidden)
		for i := range w.Length {
			win.window.Slot(w.Weights[i*w.Hidden:(i+1)*w.Hidden], i, ids[w.Marked])
		}
	}
	c := win.window.Config
	for _, n := range []int{1, 2, 5, 10, 20, 50, 100, 200} {
		w.Sizes = append(w.Sizes, scope.SizeAt{Length: n, Window: window.Config{Vocab: c.Vocab, Embed: c.Embed, Hidden: c.Hidden, Length: n}.Size(), Network: net.network.Size()})
	}
	return w
}

// distribution is what a model expects after a text, in float64, from the start.
func distribution(m sample.Writer, ids []int32) []float64 {
	m.Reset()
	var logits []float32
	for _, id := range ids {
		logits = m.Step(int(id))
	}
	p := make([]float64, len(logits))
	highest, sum := math.Inf(-1), 0.0
	for _, z := range logits {
		highest = max(highest, float64(z))
	}
	for i, z := range logits {
		p[i] = math.Exp(float64(z) - highest)
		sum += p[i]
	}
	for i := range p {
		p[i] /= sum
	}
	return p
}

// apart is the total variation ½Σ|p-q|: 0 for the same distribution, 1 for two
// that share nothing.
func apart(p, q []float64) float64 {
	sum := 0.0
	for i := range p {
		sum += math.Abs(p[i] - q[i])
	}
	return sum / 2
}

// likely are the most probable of a distribution.
func (d *Ladder) likely(p []float64) []scope.Candidate {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		switch {
		case p[i] > p[j]:
			return -1
		case p[i] < p[j]:
			return 1
		}
		return 0
	})
	const most = 5
	var out []scope.Candidate
	for _, id := range order[:min(most, len(order))] {
		out = append(out, scope.Candidate{Token: d.token(int32(id)), P: p[id], PAt1: p[id]})
	}
	return out
}

// Compare scores two sentences under the main model and the models of the
// ladder. It waits for the counts and for the main model's weights.
func (d *Ladder) Compare(first, second string) <-chan *scope.Verdict {
	answer := make(chan *scope.Verdict, 1)
	d.asking("sentences", func(b *bench) {
		if v := d.compare(b, first, second); v != nil {
			answer <- v
		}
	})
	return answer
}

func (d *Ladder) compare(b *bench, first, second string) *scope.Verdict {
	f, ok := d.live.Freeze(false)
	if !ok {
		return nil
	}
	out := &scope.Verdict{Sentences: [2]string{first, second}}
	add := func(r scope.Rung, m sample.Writer) {
		out.Models = append(out.Models, r)
		for i, sentence := range out.Sentences {
			out.Scores[i] = append(out.Scores[i], line(Score(m, d.text.corpus.Vocab, sentence, false), d.text.corpus.Vocab.Unknown()))
		}
	}
	main := f.Model
	add(scope.Rung{Kind: scope.NetworkRung, Cell: main.Cell, Updates: f.Update, Size: int64(main.Size()), Loss: math.NaN()}, main.NewStepper())
	order := min(NgramOrder(d.text.corpus.Level), b.counts.Order)
	for _, s := range []string{"mle", "mkn"} {
		m := d.model(b, order, ngram.Smoothing{Name: s})
		add(scope.Rung{Kind: scope.NgramRung, Order: order, Smoothing: s, Size: m.Entries()}, m.NewWriter())
	}
	for i := range b.racers {
		r := b.rungs[b.racers[i].rung]
		add(r, b.racers[i].writer())
	}
	return out
}

// line is a score as a screen shows it.
func line(s SentenceScore, unknown int) scope.SentenceLine {
	l := scope.SentenceLine{Sum: float64(s.LogP), Scored: s.Scored, Unknown: s.Unknown}
	for _, t := range s.Tokens {
		l.Tokens = append(l.Tokens, scope.ScoredToken{Text: t.Token, LogP: float64(t.LogP), Unknown: t.ID < 0 || t.ID == unknown})
	}
	return l
}
