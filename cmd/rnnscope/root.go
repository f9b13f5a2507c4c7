package main

import (
	"encoding/json"
	"io"
	"os"
	"strconv"

	"github.com/spf13/cobra"
	"golang.org/x/term"
)

func (p *program) root() *cobra.Command {
	root := p.open()
	root.SetOut(p.out)
	root.SetErr(p.errs)
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return usage{what: err.Error(), try: "see " + c.CommandPath() + " --help"}
	})
	for _, c := range []*cobra.Command{p.train(), p.eval(), p.sample(), p.trace(), p.corpora(), p.bench(), p.man()} {
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
func terminal(w io.Writer) bool {
	if o, ok := w.(*output); ok {
		w = o.w
	}
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd())) && os.Getenv("TERM") != "dumb"
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
