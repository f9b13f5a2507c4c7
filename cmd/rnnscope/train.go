package main

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rnnscope/core/session"
)

// runTarget are the flags that say where a run goes and comes from.
type runTarget struct{ out, resume, from, vocab string }

func (p *program) train() *cobra.Command {
	var f runFlags
	var target runTarget
	var asJSON bool
	c := command(&cobra.Command{
		Use:   "train [TEXT]",
		Short: "Train without a screen",
		Long: `Train a language model on TEXT: a built-in text, a file, or - for standard input.

Without a limit it trains for a minute. What it does is saved in the run
directory, also when it is interrupted: --resume goes on from there. Losses are
in nats per token; bits = nats / 0.693, perplexity = e^nats.`,
		Example: `  rnnscope train                                  the built-in fables, one minute
  rnnscope train notes.txt --cell gru --hidden 256 --for 10m
  rnnscope train recall:10 --cell rnn --updates 2000 --json`,
		Args: argumentCount(0, 1, "one TEXT at most"),
		RunE: func(c *cobra.Command, args []string) error {
			return p.runTraining(c.Context(), &f, target, args, asJSON)
		},
	})
	f.text(c.Flags())
	f.model(c.Flags())
	f.training(c.Flags())
	f.limits(c.Flags(), "60s")
	target.bind(c)
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object a line for every update and event")
	return c
}

func (t *runTarget) bind(c *cobra.Command) {
	c.Flags().StringVar(&t.out, "out", "", "directory of the run (default runs/TEXT-CELL-TIME)")
	c.Flags().StringVar(&t.resume, "resume", "", "go on with this run, with its text and configuration")
	c.Flags().StringVar(&t.from, "from", "", "start from the weights of this run or .safetensors file")
	c.Flags().StringVar(&t.vocab, "vocab", "", "the vocabulary of --from: JSON list or {token: id}, or text, one token a line")
}

// open is the program called without a command. Without a screen it trains and
// prints lines.
func (p *program) open() *cobra.Command {
	var f runFlags
	var target runTarget
	c := command(&cobra.Command{
		Use:   "rnnscope [TEXT]",
		Short: "A microscope for recurrent networks",
		Long: `rnnscope trains a recurrent language model in front of you and lets you look
inside. Without a command it trains on TEXT (a built-in text, a file, or - for
standard input; by default the built-in fables) until you stop it with ctrl+c,
and prints what the model learns and writes.`,
		Example: `  rnnscope                       watch an LSTM learn the built-in fables
  rnnscope notes.txt             or your own text
  rnnscope corpora               the built-in texts`,
		Args: argumentCount(0, 1, "one TEXT at most"),
		RunE: func(c *cobra.Command, args []string) error {
			return p.runTraining(c.Context(), &f, target, args, false)
		},
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: false},
	})
	f.text(c.Flags())
	f.model(c.Flags())
	f.training(c.Flags())
	f.limits(c.Flags(), "0")
	c.Flags().Lookup("for").DefValue = "until ctrl+c"
	c.Flags().Lookup("for").Usage = "stop after this time (0: when told to)"
	target.bind(c)
	return c
}

// lines prints the events of a run for people: a progress line on a terminal,
// plain lines otherwise.
type lines struct {
	out      io.Writer
	terminal bool
	last     time.Time
	width    int
}

func (l *lines) event(e session.Event) {
	switch e := e.(type) {
	case session.Update:
		if l.terminal && time.Since(l.last) > 100*time.Millisecond {
			l.last = time.Now()
			l.status(fmt.Sprintf("update %s  epoch %.2f  loss %.3f  |g| %.2f  %s tok/s", thousands(e.Update), e.Epoch, float64(e.Loss), float64(e.GradNorm), short(e.TokensPerSec)))
		}
	case session.Valid:
		l.print(fmt.Sprintf("%7.1f s  update %7s  train %.4f  valid %.4f nats  %.4f bits  perplexity %s%s",
			e.Seconds, thousands(e.Update), float64(e.Train), float64(e.Loss), float64(e.Bits), figure(float64(e.Perplexity)), phenomenon(&e.Evaluation)))
	case session.Overfitting:
		l.print(fmt.Sprintf("overfitting since update %s: the validation loss has risen from %.4f", thousands(e.Since), float64(e.Best)))
	case session.Sample:
		l.print(fmt.Sprintf("the model writes, T=%g, update %s:\n%s", e.Temperature, thousands(e.Update), indent(e.Text)))
	case session.Saved:
	case session.Diverged:
	case session.Done:
		l.status("")
		l.done(e)
	}
}

func (l *lines) done(e session.Done) {
	how := "done"
	if e.Interrupted {
		how = "stopped"
	}
	l.print(fmt.Sprintf("%s after %s updates, %.2f epochs, %.1f s; train loss %.4f", how, thousands(e.Updates), e.Epoch, e.Seconds, float64(e.TrainLoss)))
	for _, s := range []*session.Evaluation{e.Valid, e.Test} {
		if s != nil {
			l.evaluation(s)
		}
	}
	if e.BestTest != nil {
		l.print(fmt.Sprintf("best validation loss %.4f at update %s, kept as best.safetensors; with those weights:", *e.BestValid, thousands(e.BestUpdate)))
		l.evaluation(e.BestTest)
	}
	if e.Out != "" {
		l.print("saved in " + e.Out)
	}
}

// evaluation prints what a model makes of a split.
func (l *lines) evaluation(e *session.Evaluation) {
	floor, unknown := "", ""
	if e.Floor != nil {
		floor = fmt.Sprintf("  exact floor %.4f bits", float64(e.Floor.Bits))
	}
	if e.Unknown > 0 {
		unknown = fmt.Sprintf("  %s unknown symbols", thousands(int64(e.Unknown)))
	}
	l.print(fmt.Sprintf("%-5s  %s tokens  loss %.4f nats  %.4f bits  perplexity %s%s%s%s",
		e.Split, thousands(int64(e.Tokens)), float64(e.Loss), float64(e.Bits), figure(float64(e.Perplexity)), unknown, floor, phenomenon(e)))
	if e.Scored != nil && len(e.Scored.Classes) > 1 {
		for _, c := range e.Scored.Classes {
			l.print(fmt.Sprintf("       %-24s %6.1f %% of %s", c.Name, 100*float64(c.Accuracy), thousands(int64(c.Count))))
		}
	}
}

// print writes a line of its own, above the progress line.
func (l *lines) print(s string) {
	l.status("")
	fmt.Fprintln(l.out, s)
}

// status replaces the progress line.
func (l *lines) status(s string) {
	if !l.terminal {
		return
	}
	fmt.Fprintf(l.out, "\r%s%s\r%s", s, strings.Repeat(" ", max(0, l.width-len(s))), s)
	l.width = len(s)
}

func phenomenon(e *session.Evaluation) string {
	if e.Scored == nil {
		return ""
	}
	return fmt.Sprintf("  %s %.1f %%", e.Scored.Title, 100*float64(e.Scored.Accuracy))
}

// figure is a perplexity with sensible digits.
func figure(x float64) string {
	switch {
	case math.IsInf(x, 0) || math.IsNaN(x):
		return fmt.Sprint(x)
	case x >= 1000:
		return thousands(int64(x))
	case x >= 100:
		return fmt.Sprintf("%.1f", x)
	}
	return fmt.Sprintf("%.3f", x)
}

// short is a rate such as 812k or 1.74M.
func short(x float64) string {
	switch {
	case x >= 1e6:
		return fmt.Sprintf("%.2fM", x/1e6)
	case x >= 1e3:
		return fmt.Sprintf("%.0fk", x/1e3)
	}
	return fmt.Sprintf("%.0f", x)
}

func indent(s string) string {
	return "  " + strings.ReplaceAll(strings.TrimRight(s, "\n"), "\n", "\n  ")
}

// streamed writes events as JSON lines, flushed with the first update after a
// tenth of a second and with every other event.
type streamed struct {
	w    *bufio.Writer
	last time.Time
}

func (s *streamed) event(e session.Event) {
	writeJSON(s.w, e) // an error stays in the writer below, and ends the run
	if _, update := e.(session.Update); !update || time.Since(s.last) > 100*time.Millisecond {
		s.last = time.Now()
		s.w.Flush()
	}
}
