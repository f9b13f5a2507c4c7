package main

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"rnnscope/core/ngram"
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
	unit := map[corpora.Level]string{corpora.Char: "characters", corpora.Word: "tokens"}[corpus.Level]
	what := "one stream"
	if counts.Lines {
		what = "each line a sentence"
	}
	fmt.Fprintf(t.p.out, "%s: %s %s counted as %s, vocabulary %s\n\n", corpus.Name, thousands(counts.Tokens), unit, what, thousands(int64(corpus.Vocab.Len())))
	fmt.Fprintf(t.p.out, "%-9s %5s %11s %8s %7s  %9s %7s  %9s %7s\n", "smoothing", "order", "entries", "size", "time", "valid ppl", "bits", "test ppl", "bits")
}

func (t *ngramTable) line(l ngramLine) {
	fmt.Fprintf(t.p.out, "%-9s %5d %11s %8s %6.2fs  %s  %s\n", l.Smoothing, l.Order, thousands(l.Entries), megabytes(l.Bytes), l.Seconds, figures(l.Valid), figures(l.Test))
	if l.Zero > 0 {
		fmt.Fprintf(t.p.out, "%15s %.2f %% of the tokens have probability 0\n", "", 100*l.Zero)
	}
	for _, d := range l.Discounts {
		if d.Fallback == "" {
			continue
		}
		counted := ""
		if l.Smoothing == "kn" || l.Smoothing == "mkn" {
			if counted = " by contexts"; d.Order == l.Order {
				counted = " by occurrences"
			}
		}
		note := fmt.Sprintf("%s, %d-grams%s: %s", l.Smoothing, d.Order, counted, d.Fallback)
		if l.Smoothing != "katz" {
			note += fmt.Sprintf("; taken is %s", strings.Trim(strings.ReplaceAll(fmt.Sprint(d.Discount), " ", ", "), "[]"))
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
	fmt.Fprintln(t.p.out, "\nbits a token; ppl is 2^bits; time to count and estimate")
	if nats := corpus.Test.FloorNats; !math.IsNaN(nats) {
		fmt.Fprintf(t.p.out, "the exact floor of the test split is %.4f bits\n", nats/math.Ln2)
	}
	if len(t.notes) > 0 {
		fmt.Fprintln(t.p.out, "discounts that could not be estimated:")
		for _, n := range t.notes {
			fmt.Fprintf(t.p.out, "  %s\n", n)
		}
	}
}

// figures are the perplexity and the bits of a split.
func figures(e *session.NgramEvaluation) string {
	switch {
	case e == nil:
		return fmt.Sprintf("%9s %7s", "-", "-")
	case math.IsInf(float64(e.Perplexity), 1):
		return fmt.Sprintf("%9s %7s", "inf", "inf")
	}
	return fmt.Sprintf("%9.2f %7.4f", float64(e.Perplexity), float64(e.Bits))
}

func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }
