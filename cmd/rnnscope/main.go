// Command rnnscope is a microscope for recurrent networks, in a terminal.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"rnnscope/core/say"
	"rnnscope/core/task"
	"rnnscope/tui/words"
)

func main() {
	// A reader of our output that goes away is an error of writing, not a death
	// in the middle of a run.
	signal.Ignore(syscall.SIGPIPE)
	p := newProgram(os.Stdin, os.Stdout, os.Stderr)
	lang := askedLang(os.Args[1:], words.Detect(os.Getenv))
	p.lang = lang
	p.usualConfig, p.getenv = configFile(), os.Getenv
	signals := make(chan os.Signal, 2)
	for _, sig := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP} {
		if !signal.Ignored(sig) { // as nohup and background jobs have it
			signal.Notify(signals, sig)
		}
	}
	task.Go("signals", func() {
		var first time.Time
		for range signals {
			// The first lets work that has something to save, or a terminal to
			// give back, end itself; without such work, or when asked again,
			// nothing is waited for. Two at once are one: a signal may come to
			// the process and to its group.
			if !p.ends.Load() || !first.IsZero() && time.Since(first) > time.Second {
				task.Restore()
				fmt.Fprintf(os.Stderr, "rnnscope: %s\n", words.Say(lang, say.Textf("interrupted")))
				os.Exit(exitInterrupted)
			}
			if first.IsZero() {
				first = time.Now()
			}
			p.cancel()
		}
	})
	os.Exit(p.run(os.Args[1:]))
}

// program is one call of rnnscope and what it talks to.
type program struct {
	in     io.Reader
	out    *output
	errs   io.Writer
	lang   words.Lang // of all that is said, but not of JSON
	ctx    context.Context
	cancel context.CancelFunc
	ends   atomic.Bool // work is under way that ends by itself when ctx does

	usualConfig string              // where a configuration file is looked for; "" is nowhere
	getenv      func(string) string // nil is an empty environment
	configFile  string              // --config
	settings    *settings           // what file and environment say
	unsettled   error               // why they could not be read
	running     *cobra.Command
}

func newProgram(in io.Reader, out, errs io.Writer) *program {
	p := &program{in: in, errs: errs, lang: words.English}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	p.out = &output{w: out, fail: p.cancel}
	return p
}

// ending says that what is done now ends by itself when ctx does; what it returns
// that it is over.
func (p *program) ending() (over func()) {
	before := p.ends.Swap(true)
	return func() { p.ends.Store(before) }
}

// run is the whole program; what it returns is the exit status.
func (p *program) run(args []string) int {
	p.settings, p.unsettled = readSettings(args, p.usualConfig, p.getenv)
	p.lang = askedLang(args, p.settings.language(p.lang)) // help and wrong calls need it before flags are read
	root := p.root()
	root.SetArgs(args)
	err := root.ExecuteContext(p.ctx)
	if p.out.err != nil {
		return p.closed(err)
	}
	return p.report(err)
}

// output is standard output. The first error of writing to it ends the work
// under way, since nobody would see the rest.
type output struct {
	w    io.Writer
	err  error
	fail func()
}

func (o *output) Write(b []byte) (int, error) {
	if o.err != nil {
		return 0, o.err
	}
	n, err := o.w.Write(b)
	if err != nil {
		o.err = err
		o.fail()
	}
	return n, err
}
