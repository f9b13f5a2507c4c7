package main

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"rnnscope/core/ngram"
	"rnnscope/core/say"
	"rnnscope/core/session"
	"rnnscope/corpora"
)

// ngramTable prints what ngram found out, for people.
type ngramTable struct {
	p     *program
	notes []string // on discounts that were not estimated
}

// begin prints what was counted, and the heads of the columns.
func (t *ngramTable) begin(corpus *corpora.Corpus, counts *ngram.Counts) {
	p := t.p
	size := say.Textf("%s tokens", thousands(counts.Tokens))
	if corpus.Level == corpora.Char {
		size = say.Textf("%s characters", thousands(counts.Tokens))
	}
	what := say.Textf("one stream")
	if counts.Lines {
		what = say.Textf("each line a sentence")
	}
	fmt.Fprintf(p.out, "%s\n\n", p.say("%s: %s counted as %s, vocabulary %s", corpus.Name, size, what, thousands(int64(corpus.Vocab.Len()))))
	fmt.Fprintf(p.out, "%s %s %s %s %s%s %s%s %s\n", pad(p.say("smoothing"), 9), padLeft(p.say("order"), 5), padLeft(p.say("entries"), 11), padLeft(p.say("size"), 8), padLeft(p.say("time"), 7),
		padLeft(p.say("valid ppl"), 11), padLeft(p.say("bits"), 7), padLeft(p.say("test ppl"), 11), padLeft(p.say("bits"), 7))
}

func (t *ngramTable) line(l ngramLine) {
	fmt.Fprintf(t.p.out, "%-9s %5d %11s %8s %6.2fs  %s  %s\n", l.Smoothing, l.Order, thousands(l.Entries), megabytes(l.Bytes), l.Seconds, t.figures(l.Valid), t.figures(l.Test))
	if l.Zero > 0 {
		fmt.Fprintf(t.p.out, "%15s %s\n", "", t.p.say("%.2f %% of the tokens have probability 0", 100*l.Zero))
	}
	for _, d := range l.Discounts {
		if d.Fallback == "" {
			continue
		}
		note := t.p.say("%s, %d-grams: %s", l.Smoothing, d.Order, d.why)
		if l.Smoothing == "kn" || l.Smoothing == "mkn" {
			if note = t.p.say("%s, %d-grams by contexts: %s", l.Smoothing, d.Order, d.why); d.Order == l.Order {
				note = t.p.say("%s, %d-grams by occurrences: %s", l.Smoothing, d.Order, d.why)
			}
		}
		if l.Smoothing != "katz" {
			note = t.p.say("%s; taken is %s", note, strings.Trim(strings.ReplaceAll(fmt.Sprint(d.Discount), " ", ", "), "[]"))
		}
		t.note(note)
	}
}

// note keeps a note once: lower levels of all orders of a smoothing are alike.
func (t *ngramTable) note(s string) {
	if !slices.Contains(t.notes, s) {
		t.notes = append(t.notes, s)
	}
}

func (t *ngramTable) end(corpus *corpora.Corpus) {
	fmt.Fprintf(t.p.out, "\n%s\n", t.p.say("bits a token; ppl is 2^bits; time to count and estimate"))
	if nats := corpus.Test.FloorNats; !math.IsNaN(nats) {
		fmt.Fprintln(t.p.out, t.p.say("the exact floor of the test split is %.4f bits", nats/math.Ln2))
	}
	if len(t.notes) > 0 {
		fmt.Fprintln(t.p.out, t.p.say("discounts that could not be estimated:"))
		for _, n := range t.notes {
			fmt.Fprintf(t.p.out, "  %s\n", n)
		}
	}
}

// figures are the perplexity and the bits of a split.
func (t *ngramTable) figures(e *session.NgramEvaluation) string {
	switch {
	case e == nil:
		return fmt.Sprintf("%9s %7s", "-", "-")
	case math.IsInf(float64(e.Perplexity), 1):
		endless := t.p.say("inf")
		return padLeft(endless, 9) + " " + padLeft(endless, 7)
	}
	return fmt.Sprintf("%9.2f %7.4f", float64(e.Perplexity), float64(e.Bits))
}

func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }
