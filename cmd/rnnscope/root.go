package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"regexp"
	"runtime/debug"
	"strconv"

	"github.com/spf13/cobra"
	"golang.org/x/term"
)

func (p *program) root() *cobra.Command {
	root := p.open()
	root.SetOut(p.out)
	root.SetErr(p.errs)
	root.Version = version()
	root.SetFlagErrorFunc(flagError)
	for _, c := range []*cobra.Command{p.train(), p.eval(), p.sample(), p.trace(), p.score(), p.ngram(), p.corpora(), p.bench(), p.man()} {
		root.AddCommand(c)
	}
	return root
}

// json prints v as one line.
func (p *program) json(v any) error { return writeJSON(p.out, v) }

// writeJSON writes v as one line.
func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// terminal says whether w is one.
func terminal(w any) bool {
	if o, ok := w.(*output); ok {
		w = o.w
	}
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd())) && os.Getenv("TERM") != "dumb"
}

// columns is the width of the terminal that w is.
func columns(w io.Writer) int {
	if o, ok := w.(*output); ok {
		w = o.w
	}
	if f, ok := w.(*os.File); ok {
		if width, _, err := term.GetSize(int(f.Fd())); err == nil && width > 0 {
			return width
		}
	}
	return 80
}

// version is the module's, as the Go command recorded it.
func version() string {
	if b, ok := debug.ReadBuildInfo(); ok && b.Main.Version != "" {
		return b.Main.Version
	}
	return "(unknown)"
}

// valueOf finds the flag and the value in pflag's message about a value that
// cannot be read.
var valueOf = regexp.MustCompile(`^invalid argument (".*") for "(?:-\w, )?(--[\w-]+)" flag`)

// flagError puts pflag's message into the user's words.
func flagError(c *cobra.Command, err error) error {
	what := err.Error()
	if m := valueOf.FindStringSubmatch(what); m != nil {
		what = fmt.Sprintf("%s cannot be %s", m[2], m[1])
	}
	return usage{what: what, try: "see " + c.CommandPath() + " --help"}
}

// thousands writes n as 1,234,567.
func thousands(n int64) string {
	s := strconv.FormatInt(n, 10)
	from := len(s) % 3
	if n < 0 {
		from = (len(s)-1)%3 + 1
	}
	out := s[:from]
	for i := from; i < len(s); i += 3 {
		if out != "" && out != "-" {
			out += ","
		}
		out += s[i : i+3]
	}
	return out
}
