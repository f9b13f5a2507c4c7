package main

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"

	"rnnscope/core/say"
	"rnnscope/core/session"
	"rnnscope/tui/words"
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
		Long: `Train a language model on TEXT: a built-in text, a file, or - for standard
input.

Without a limit it trains for a minute. What it does is saved in the run
directory, also when it is interrupted: --resume goes on from there, up to the
run's own limits or to those given, which count the whole run (--for counts
anew). Losses are in nats per token; bits = nats / 0.693, perplexity = e^nats.
The train loss is the mean of about the last fifty updates, dropout included,
and so may lie above the validation loss. best.safetensors in the run directory
has the weights of the lowest validation loss. --from keeps the vocabulary of
the run it starts from and, without TEXT, goes on with its text.`,
		Example: `  rnnscope train                               the built-in fables, one minute
  rnnscope train notes.txt --cell gru --hidden 256 --for 10m
  rnnscope train recall:20 --cell rnn --updates 2000 --json
  rnnscope train --for 10s --out runs/first    a run to be gone on with:
  rnnscope train --resume runs/first --for 1m`,
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
	c.Flags().StringVar(&t.from, "from", "", "start from the weights of this run or .safetensors or .pt file")
	c.Flags().StringVar(&t.vocab, "vocab", "", "the vocabulary of --from: JSON list or {token: id}, or text, one token a line")
}

// open is the program called without a command: the screen, or where there is
// no terminal the same run as lines.
func (p *program) open() *cobra.Command {
	var f runFlags
	var target runTarget
	var look screenFlags
	c := command(&cobra.Command{
		Use:   "rnnscope [TEXT | RUN | MODEL]",
		Short: "A microscope for recurrent networks",
		Long: `rnnscope trains a recurrent language model in front of you and lets you look
inside. Without a command it opens the screen on TEXT (a built-in text, a file,
or - for standard input; by default the built-in fables) and trains at once. On
a RUN or a MODEL file of one it opens paused, where training was. A run is kept
from its first minute on, or when you press ctrl+s. Where there is no terminal,
the same run is printed as lines until ctrl+c.`,
		Example: `  rnnscope                       watch an LSTM learn the built-in fables
  rnnscope notes.txt             or your own text
  rnnscope recall:20 --cell rnn  or a task that needs a long memory
  rnnscope corpora               the built-in texts`,
		Args: argumentCount(0, 1, "one TEXT, RUN or MODEL at most"),
		RunE: func(c *cobra.Command, args []string) error {
			if out, ok := p.out.w.(*os.File); ok && terminal(p.out) {
				return p.showScreen(&f, &look, target, args, out)
			}
			target, args, _ = target.named(args)
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
	look.bind(c.Flags())
	return c
}

// lines prints the events of a run for people: a progress line on a terminal,
// plain lines otherwise.
type lines struct {
	out      io.Writer
	terminal bool
	limit    time.Duration // of the run; 0 is none
	began    time.Time
	last     time.Time // of the last progress
	said     time.Time // of the last validation printed
	width    int       // of the progress line on the screen
	lang     words.Lang
}

func newLines(out io.Writer) *lines {
	return &lines{out: out, terminal: terminal(out), began: time.Now(), last: time.Now(), lang: words.English}
}

// lines are those of out in the language of the program.
func (p *program) lines(out io.Writer) *lines {
	l := newLines(out)
	l.lang = p.lang
	return l
}

func (l *lines) say(format string, args ...any) string {
	return words.Say(l.lang, say.Textf(format, args...))
}

func (l *lines) phrase(s string) string { return words.Say(l.lang, say.Phrase(s)) }

const (
	progressEvery = 100 * time.Millisecond // on a terminal
	plainEvery    = 10 * time.Second       // elsewhere
	validEvery    = time.Second            // a small text is validated more often than can be read
	sampleLines   = 6
)

func (l *lines) event(e session.Event) {
	switch e := e.(type) {
	case session.Update:
		l.progress(e)
	case session.Valid:
		if time.Since(l.said) < validEvery {
			return
		}
		l.said, l.last = time.Now(), time.Now()
		right := ""
		if e.Scored != nil {
			right = l.say("  right %.1f %%", 100*float64(e.Scored.Accuracy))
		}
		l.print(l.say("%6.1f s  update %6s  train %.3f  valid %.4f nats %.4f bits  ppl %s%s",
			e.Seconds, thousands(e.Update), float64(e.Train), float64(e.Loss), float64(e.Bits), figure(float64(e.Perplexity)), right))
	case session.Overfitting:
		l.print(l.say("overfitting since update %s (valid %.4f, kept in best.safetensors)", thousands(e.Since), float64(e.Best)))
	case session.Sample:
		l.print(l.say("the model writes, T=%g, update %s:\n%s", e.Temperature, thousands(e.Update), indent(beginning(e.Text, sampleLines))))
	case session.Done:
		l.done(e)
	}
}

// progress says where training is, when it is time to.
func (l *lines) progress(e session.Update) {
	every := plainEvery
	if l.terminal {
		every = progressEvery
	}
	if time.Since(l.last) < every {
		return
	}
	l.last = time.Now()
	spent := l.say("%.0f s", time.Since(l.began).Seconds())
	if l.limit > 0 {
		spent = l.say("%s of %.0f s", spent, l.limit.Seconds())
	}
	s := l.say("%s  update %s  epoch %.2f  loss %.3f  |gradient| %.2f  %s tokens/s", spent, thousands(e.Update), e.Epoch, float64(e.Loss), float64(e.GradNorm), short(e.TokensPerSec))
	if l.terminal {
		l.status(s)
	} else {
		l.print(s)
	}
}

// beginning is the first n lines of a text.
func beginning(text string, n int) string {
	for i := range text {
		if text[i] == '\n' {
			if n--; n == 0 {
				return text[:i] + "\n…"
			}
		}
	}
	return text
}

func (l *lines) done(e session.Done) {
	loss := ""
	if e.Updates > 0 {
		loss = l.say("; train loss %.4f", float64(e.TrainLoss))
	}
	if e.Interrupted {
		l.print(l.say("stopped after %s updates, %.2f epochs, %.1f s%s", thousands(e.Updates), e.Epoch, e.Seconds, loss))
	} else {
		l.print(l.say("done after %s updates, %.2f epochs, %.1f s%s", thousands(e.Updates), e.Epoch, e.Seconds, loss))
	}
	for _, s := range []*session.Evaluation{e.Valid, e.Test} {
		if s != nil {
			l.evaluation(s)
		}
	}
	if e.BestTest != nil {
		l.print(l.say("best validation loss %.4f at update %s (best.safetensors), which has", *e.BestValid, thousands(e.BestUpdate)))
		l.evaluation(e.BestTest)
	}
	if e.Out != "" && !e.Interrupted {
		l.print(l.say("saved in %s; next: rnnscope sample %s", e.Out, e.Out))
	}
}

// evaluation prints what a model makes of a split.
func (l *lines) evaluation(e *session.Evaluation) {
	l.print(l.say("%s  %s tokens  loss %.4f nats  %.4f bits  perplexity %s",
		pad(l.phrase(e.Split), 5), thousands(int64(e.Tokens)), float64(e.Loss), float64(e.Bits), figure(float64(e.Perplexity))))
	if e.Unknown > 0 {
		l.print(l.say("       %s unknown symbols, not scored", thousands(int64(e.Unknown))))
	}
	if e.Floor != nil {
		l.print(l.say("       exact floor of this text %.4f bits", float64(e.Floor.Bits)))
	}
	if e.Scored != nil {
		l.print(l.say("       %s: %.1f %% right of %s", l.phrase(e.Scored.Title), 100*float64(e.Scored.Accuracy), thousands(int64(e.Scored.Count))))
	}
	if e.Scored != nil && len(e.Scored.Classes) > 1 {
		for _, c := range e.Scored.Classes {
			l.print(l.say("       %s %6.1f %% of %s", pad(l.phrase(c.Name), 24), 100*float64(c.Accuracy), thousands(int64(c.Count))))
		}
	}
}

// print writes a line of its own, above the progress line.
func (l *lines) print(s string) {
	l.status("")
	fmt.Fprintln(l.out, s)
}

// status replaces the progress line, cut to the terminal's width.
func (l *lines) status(s string) {
	if !l.terminal || s == "" && l.width == 0 {
		return
	}
	if room := columns(l.out); ansi.StringWidth(s) >= room {
		s = ansi.Truncate(s, max(0, room-1), "")
	}
	fmt.Fprintf(l.out, "\r%s", pad(s, l.width))
	if s == "" {
		fmt.Fprint(l.out, "\r")
	}
	l.width = ansi.StringWidth(s)
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
	err  error // the first
}

func (s *streamed) event(e session.Event) {
	if err := writeJSON(s.w, e); s.err == nil {
		s.err = err
	}
	if _, update := e.(session.Update); !update || time.Since(s.last) > 100*time.Millisecond {
		s.last = time.Now()
		s.w.Flush()
	}
}
