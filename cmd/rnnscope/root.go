package main

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"runtime/debug"
	"strconv"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/term"

	"rnnscope/core/say"
)

func (p *program) root() *cobra.Command {
	root := p.open()
	root.SetOut(p.out)
	root.SetErr(p.errs)
	root.Version = version()
	root.SetFlagErrorFunc(flagError)
	root.SuggestionsMinimumDistance = mostWrong
	root.PersistentFlags().Var((*langFlag)(&p.lang), "lang", "language of help, messages and progress (default: that of the environment)")
	root.PersistentFlags().Lookup("lang").DefValue = "" // what it is here is no default
	root.PersistentFlags().StringVar(&p.configFile, "config", "", "file of default values for flags (see rnnscope config)")
	root.PersistentPreRunE = func(c *cobra.Command, _ []string) error {
		p.running = c
		if about(c) {
			return nil
		}
		if p.unsettled != nil {
			return p.unsettled
		}
		return p.settings.apply(c)
	}
	for _, c := range []*cobra.Command{p.train(), p.eval(), p.sample(), p.trace(), p.score(), p.ngram(), p.corpora(), p.convert(), p.plot(), p.config(), p.bench(), p.gradients(), p.lag(), p.watch(), p.man()} {
		root.AddCommand(c)
	}
	p.helpful(root)
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

// flagError puts pflag's errors into the user's words.
func flagError(c *cobra.Command, err error) error {
	var what any = err
	var value *pflag.InvalidValueError
	var unknown *pflag.NotExistError
	var bare *pflag.ValueRequiredError
	var syntax *pflag.InvalidSyntaxError
	switch {
	case errors.As(err, &value):
		what = say.Textf("--%s cannot be %q", value.GetFlag().Name, value.GetValue())
		if cause, ours := value.Unwrap().(say.Speaker); ours {
			what = cause
		}
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() == "":
		what = say.Textf("unknown flag: --%s", unknown.GetSpecifiedName())
		if near := nearFlag(c, unknown.GetSpecifiedName()); near != "" {
			return usage{what: what, try: say.Textf("did you mean %s?", "--"+near)}
		}
	case errors.As(err, &unknown):
		what = say.Textf("unknown shorthand flag: '%.1s' in -%s", unknown.GetSpecifiedName(), unknown.GetSpecifiedShortnames())
	case errors.As(err, &bare):
		what = say.Textf("flag needs an argument: --%s", bare.GetSpecifiedName())
	case errors.As(err, &syntax):
		what = say.Textf("bad flag syntax: %s", syntax.GetSpecifiedFlag())
	}
	return usage{what: what, try: seeHelp(c)}
}

// nearFlag is the flag of a command that a name is almost, else "".
func nearFlag(c *cobra.Command, name string) string {
	var names []string
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, f.Name)
		}
	})
	return nearest(name, names)
}

// mostWrong is how many letters of a name may be wrong.
const mostWrong = 2

// nearest is the name that a word is almost, else "". Cobra knows what is near
// among the names of commands.
func nearest(word string, names []string) string {
	all := &cobra.Command{}
	for _, name := range names {
		all.AddCommand(&cobra.Command{Use: name, Run: func(*cobra.Command, []string) {}})
	}
	for far := 1; far <= min(mostWrong, (len(word)-1)/2); far++ { // of a short word every letter could be wrong
		all.SuggestionsMinimumDistance = far
		if near := all.SuggestionsFor(word); len(near) > 0 {
			return near[0]
		}
	}
	return ""
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
