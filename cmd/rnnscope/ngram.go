package main

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rnnscope/core/ngram"
	"rnnscope/core/say"
	"rnnscope/core/session"
	"rnnscope/corpora"
)

// ngramLine is a line of `ngram --json`.
type ngramLine struct {
	Order     int                      `json:"order"`
	Smoothing string                   `json:"smoothing"`
	Entries   int64                    `json:"entries"`
	Bytes     int64                    `json:"bytes"`
	Seconds   float64                  `json:"seconds"` // to count and to estimate
	Valid     *session.NgramEvaluation `json:"valid"`   // null when the split is empty
	Test      *session.NgramEvaluation `json:"test"`
	Zero      float64                  `json:"zero_probability"` // the share of both splits' tokens
	Discounts []ngramDiscount          `json:"discounts,omitempty"`
}

// ngramDiscount is what a smoothing takes off the counts of one order.
type ngramDiscount struct {
	Order    int       `json:"order"`
	Discount []float64 `json:"discount"`
	Fallback string    `json:"fallback,omitempty"` // why it is not estimated
	why      say.Text  // Fallback, in any language
}

func (p *program) ngram() *cobra.Command {
	var f runFlags
	var orders, smoothings string
	var first, asJSON bool
	c := command(&cobra.Command{
		Use:   "ngram TEXT",
		Short: "Count, smooth and evaluate n-grams",
		Long: `Count the n-grams of TEXT's training split and say how well they predict its
validation and test splits, with each order and smoothing asked for. Without
--lines the text is one stream of which all tokens but the first are scored, as
rnnscope eval does, so that n-grams and networks are compared on the same tokens.

Smoothings: mle (none: what was not seen has probability 0), add:K (K is added to
every count), katz (Good-Turing discounts, backing off), absolute (one discount,
interpolated), kn (Kneser-Ney) and mkn (modified Kneser-Ney, mostly the best).`,
		Example: `  rnnscope ngram fables
  rnnscope ngram book.txt --level word --order 1..5 --smoothing katz,mkn
  rnnscope ngram book.txt --level word --min-count 2 --lines --json`,
		Args: argumentCount(1, 1, "one TEXT"),
		RunE: func(_ *cobra.Command, args []string) error {
			ways, err := parseSmoothings(smoothings)
			if err != nil {
				return err
			}
			o, err := f.options()
			if err != nil {
				return err
			}
			if err := f.countable(); err != nil {
				return err
			}
			wanted := []int(nil)
			if orders != "" {
				if wanted, err = parseOrders(orders); err != nil {
					return err
				}
			}
			if first && f.lines {
				return usage{what: say.Textf("--score-first is for a stream; with --lines every token is scored"), try: say.Textf("leave one of them out")}
			}
			corpus, err := p.text(args[0], o)
			if err != nil {
				return err
			}
			for n := 1; orders == "" && n <= session.NgramOrder(corpus.Level); n++ {
				wanted = append(wanted, n)
			}
			counts, err := p.counted(corpus, f, slices.Max(wanted))
			if err != nil {
				return err
			}
			table := &ngramTable{p: p}
			if !asJSON {
				table.begin(corpus, counts)
			}
			stop := func() bool { return p.ctx.Err() != nil }
			for _, way := range ways {
				for _, order := range wanted {
					line := measure(corpus, counts.Model(order, way), first, stop)
					if stop() {
						return interrupted{say.Textf("the orders printed are complete")}
					}
					if asJSON {
						err = p.json(line)
					} else {
						table.line(line)
					}
					if err != nil {
						return err
					}
				}
			}
			if !asJSON {
				table.end(corpus)
			}
			return nil
		},
	})
	f.text(c.Flags())
	c.Flags().Lookup("lines").Usage = linesUsage
	c.Flags().StringVar(&orders, "order", "", "orders from 1 to 10: a number, a list as in 2,3, or a range as in 1..5 (default 1..5 at word level, 1..6 at char level)")
	c.Flags().StringVar(&smoothings, "smoothing", "mkn", strings.Join(ngram.Smoothings(), ", ")+"; or several by comma")
	c.Flags().BoolVar(&first, "score-first", false, "score the first token of a stream too, by the unigram")
	f.workers(c.Flags())
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object a line for every order")
	return c
}

const linesUsage = "each line is a sentence: <s> is history, the end of the line is scored, histories do not cross; blank lines are dropped at word level"

// countable refuses numbers of threads that make no sense.
func (f *runFlags) countable() error {
	if f.threads < 1 || f.threads > 1024 {
		return usage{what: say.Textf("threads must be from 1 to 1024, not %d", f.threads)}
	}
	return nil
}

// counted counts the n-grams of a text and shows how far it has got, on a
// terminal.
func (p *program) counted(corpus *corpora.Corpus, f runFlags, order int) (*ngram.Counts, error) {
	l := newLines(p.errs)
	last := time.Time{}
	counts, err := session.CountNgrams(corpus, ngram.Options{
		Order: order, Lines: f.lines, Threads: f.threads,
		Progress: func(done float64) {
			if now := time.Now(); now.Sub(last) > time.Second/10 {
				last = now
				l.status(p.say("counting n-grams: %.0f %%", 100*done))
			}
		},
		Stop: func() bool { return p.ctx.Err() != nil },
	})
	l.status("")
	switch err {
	case session.ErrNoLines:
		return nil, hinted{what: say.Textf("%s: %v", corpus.Name, err), try: say.Textf("leave out --lines")}
	case ngram.ErrStopped:
		return nil, interrupted{say.Textf("nothing was counted")}
	}
	return counts, err
}

// measure evaluates a model on both splits.
func measure(corpus *corpora.Corpus, m *ngram.Model, first bool, stop func() bool) ngramLine {
	line := ngramLine{
		Order: m.Order, Smoothing: m.Smoothing.String(), Entries: m.Entries(), Bytes: m.Bytes(),
		Seconds: m.Counts.Seconds(m.Order) + m.Seconds,
		Valid:   session.EvaluateNgram(m, corpus, corpus.Valid, "valid", first, stop),
		Test:    session.EvaluateNgram(m, corpus, corpus.Test, "test", first, stop),
	}
	zero, scored := 0.0, 0
	for _, e := range []*session.NgramEvaluation{line.Valid, line.Test} {
		if e != nil {
			zero += e.Zero * float64(e.Tokens)
			scored += e.Tokens
		}
	}
	line.Zero = zero / float64(max(1, scored))
	for _, d := range m.Discounts() {
		line.Discounts = append(line.Discounts, ngramDiscount{d.Order, append([]float64{}, d.D...), d.Fallback.String(), d.Fallback})
	}
	return line
}

// parseOrders reads 3, 2,3, 1..5 or a mixture.
func parseOrders(text string) ([]int, error) {
	bad := usage{what: say.Textf("order must be from 1 to %d: a number, a list as in 2,3, or a range as in 1..5, not %q", ngram.MaxOrder, text)}
	var orders []int
	for part := range strings.SplitSeq(text, ",") {
		from, to, isRange := strings.Cut(strings.TrimSpace(part), "..")
		if !isRange {
			to = from
		}
		low, err1 := strconv.Atoi(from)
		high, err2 := strconv.Atoi(to)
		if err1 != nil || err2 != nil || low < 1 || low > high || high > ngram.MaxOrder {
			return nil, bad
		}
		for n := low; n <= high; n++ {
			if !slices.Contains(orders, n) {
				orders = append(orders, n)
			}
		}
	}
	return orders, nil
}

// parseSmoothings reads smoothings by comma.
func parseSmoothings(text string) ([]ngram.Smoothing, error) {
	var all []ngram.Smoothing
	for part := range strings.SplitSeq(text, ",") {
		s, err := ngram.ParseSmoothing(strings.TrimSpace(part))
		if err != nil {
			return nil, badFlag(err)
		}
		if !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	return all, nil
}
