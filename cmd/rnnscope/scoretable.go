package main

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"rnnscope/core/say"
	"rnnscope/core/session"
	"rnnscope/corpora"
)

// The columns of one sentence: its token, ln p and the running sum.
const (
	scoreToken = 14
	scoreWidth = scoreToken + 22
)

// printScores prints the sentences side by side, as many as the terminal is wide
// enough for, and which of them is the most probable.
func (p *program) printScores(all []session.SentenceScore) {
	side := max(1, (columns(p.out)+3)/(scoreWidth+3))
	for from := 0; from < len(all); from += side {
		p.printBeside(all[from:min(len(all), from+side)], from)
		fmt.Fprintln(p.out)
	}
	for i, s := range all {
		name := p.say("log p")
		if len(all) > 1 {
			name = strconv.Itoa(i + 1)
		}
		fmt.Fprintln(p.out, p.say("%s: %s nats, %d scored, perplexity %s per token", name, p.logP(s), s.Scored, perplexity(s)))
		if s.Unknown > 0 {
			fmt.Fprintf(p.errs, "rnnscope: %s\n", p.unknown(s))
		}
	}
	if len(all) > 1 {
		fmt.Fprintln(p.out, p.verdict(all))
	}
}

// unknown says how many tokens of a sentence the model does not know, and what
// became of them.
func (p *program) unknown(s session.SentenceScore) string {
	scored := slices.ContainsFunc(s.Tokens, func(t session.TokenScore) bool {
		return t.Token == corpora.Unknown && t.Reason == ""
	})
	if scored {
		return p.say("the model does not know %d of the tokens of %s: they are scored as %s, which stands for all such words", s.Unknown, strconv.Quote(s.Sentence), corpora.Unknown)
	}
	return p.say("the model does not know %d of the tokens of %s: they are not scored", s.Unknown, strconv.Quote(s.Sentence))
}

// printBeside prints one row of sentences; the first is number first+1.
func (p *program) printBeside(row []session.SentenceScore, first int) {
	rows := 0
	var line []string
	print := func() {
		fmt.Fprintln(p.out, strings.TrimRight(strings.Join(line, "   "), " "))
		line = line[:0]
	}
	for i, s := range row {
		line = append(line, fit(fmt.Sprintf("%d  %s", first+i+1, strconv.Quote(s.Sentence)), scoreWidth))
		rows = max(rows, len(s.Tokens))
	}
	print()
	for range row {
		line = append(line, fit(p.say("token"), scoreToken)+" "+padLeft(p.say("log p"), 10)+" "+padLeft(p.say("sum"), 10))
	}
	print()
	sums := make([]float64, len(row))
	for t := range rows {
		for i, s := range row {
			if t >= len(s.Tokens) {
				line = append(line, strings.Repeat(" ", scoreWidth))
				continue
			}
			token := s.Tokens[t]
			one := "-"
			if x := float64(token.LogP); !math.IsNaN(x) {
				one = fmt.Sprintf("%.4f", x)
				sums[i] += x
			}
			line = append(line, fmt.Sprintf("%s %10s %10.4f", fit(strconv.Quote(token.Token), scoreToken), one, sums[i]))
		}
		print()
	}
}

// fit cuts or fills s to a width on the screen.
func fit(s string, width int) string {
	s = ansi.Truncate(s, width, "…")
	return pad(s, width)
}

func (p *program) logP(s session.SentenceScore) string {
	if math.IsNaN(float64(s.LogP)) {
		return p.say("no")
	}
	return fmt.Sprintf("%.4f", float64(s.LogP))
}

func perplexity(s session.SentenceScore) string {
	if math.IsNaN(float64(s.Perplexity)) {
		return "-"
	}
	return fmt.Sprintf("%.2f", float64(s.Perplexity))
}

// verdict says which sentence is the most probable, and which the one of the
// lowest perplexity where that is another.
func (p *program) verdict(all []session.SentenceScore) string {
	best, second, smooth := -1, -1, -1
	for i, s := range all {
		x := float64(s.LogP)
		if math.IsNaN(x) {
			return p.say("no verdict: not every sentence was scored")
		}
		switch {
		case best < 0 || x > float64(all[best].LogP):
			best, second = i, best
		case second < 0 || x > float64(all[second].LogP):
			second = i
		}
		if smooth < 0 || s.Perplexity < all[smooth].Perplexity {
			smooth = i
		}
	}
	margin := float64(all[best].LogP) - float64(all[second].LogP)
	switch {
	case math.IsInf(float64(all[best].LogP), -1):
		return p.say("all have probability 0")
	case margin == 0:
		return p.say("%d and %d are equally probable", best+1, second+1)
	}
	won := p.say("%d is the most probable, by %.4f nats (%s times as probable as %d)", best+1, margin, times(margin), second+1)
	if len(all) == 2 {
		won = p.say("%d is more probable, by %.4f nats (%s times as probable)", best+1, margin, times(margin))
	}
	if smooth != best && all[smooth].Scored != all[best].Scored {
		won += "\n" + p.say("per token it is %d, with perplexity %.2f against %.2f: they differ in length", smooth+1, float64(all[smooth].Perplexity), float64(all[best].Perplexity))
	}
	return won
}

// times is e^x in few figures.
func times(x float64) any {
	switch {
	case math.IsInf(x, 1):
		return say.Textf("infinitely many")
	case x > 13: // e^13 is 442,413
		return fmt.Sprintf("%.2e", math.Exp(x))
	case x > 4.6:
		return thousands(int64(math.Round(math.Exp(x))))
	}
	return fmt.Sprintf("%.3g", math.Exp(x))
}
