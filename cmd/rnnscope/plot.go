package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"rnnscope/core/say"
	"rnnscope/core/session"
	"rnnscope/core/store"
	"rnnscope/corpora"
	"rnnscope/views/picture"
)

// plotted is a line of plot --json.
type plotted struct {
	Figure string   `json:"figure"` // loss, perplexity, gradient, hidden-1, …, report
	Files  []string `json:"files"`
}

// plotFlags are those of plot.
type plotFlags struct {
	out, sentence, theme string
	formats, only        []string
	json                 bool
}

func (p *program) plot() *cobra.Command {
	var f plotFlags
	c := command(&cobra.Command{
		Use:   "plot RUN|LAGLOG",
		Short: "Pictures of a run, its numbers as tables, and a report",
		Long: `Write pictures of RUN as SVG and PNG, with their numbers as CSV: loss, perplexity,
gradient norm and learning rate by update, the gradient by lag, n-grams of the
same text beside the network, and with --sentence the hidden state of each layer
while it is read. metrics.csv has every figure that was kept, and report.html
all of it on one page that needs no other file. Of a file that rnnscope lag wrote
it draws the grid. What is written takes the place of what was there.`,
		Example: `  rnnscope plot RUN
  rnnscope plot RUN --sentence "the cat sat" --out figures
  rnnscope plot RUN --only loss --format svg`,
		Args: argumentCount(1, 1, "one RUN"),
		RunE: func(_ *cobra.Command, args []string) error {
			return p.plotRun(args[0], &f)
		},
	})
	c.Flags().StringVar(&f.out, "out", "", "directory of the files (default RUN/plots)")
	c.Flags().StringVar(&f.sentence, "sentence", "", "draw the hidden states while this is read")
	c.Flags().StringSliceVar(&f.formats, "format", picture.Formats, "of the pictures: svg, png, csv")
	c.Flags().Lookup("format").DefValue = "svg,png,csv"
	c.Flags().StringSliceVar(&f.only, "only", nil, "of loss, perplexity, gradient, rate, hidden, decay, ladder, metrics, report, these (default all)")
	c.Flags().StringVar(&f.theme, "theme", "light", "dark or light")
	c.Flags().BoolVar(&f.json, "json", false, "print one JSON object a figure")
	return c
}

// Names of what plot writes.
var plotNames = []string{"loss", "perplexity", "gradient", "rate", "hidden", "decay", "ladder", "metrics", "report"}

func (f *plotFlags) check() error {
	for _, format := range f.formats {
		if !slices.Contains(picture.Formats, format) {
			return usage{what: say.Textf("format must be of %s, not %q", strings.Join(picture.Formats, ", "), format)}
		}
	}
	for _, name := range f.only {
		if !slices.Contains(plotNames, name) {
			return usage{what: say.Textf("only must be of %s, not %q", strings.Join(plotNames, ", "), name)}
		}
	}
	if f.theme != "dark" && f.theme != "light" {
		return usage{what: say.Textf("theme must be dark or light, not %q", f.theme)}
	}
	if slices.Contains(f.only, "hidden") && f.sentence == "" {
		return usage{what: say.Textf("hidden states are those of a sentence"), try: say.Textf("give one with --sentence")}
	}
	return nil
}

// wants says whether a figure was asked for.
func (f *plotFlags) wants(name string) bool { return len(f.only) == 0 || slices.Contains(f.only, name) }

func (p *program) plotRun(dir string, f *plotFlags) error {
	if err := f.check(); err != nil {
		return err
	}
	if info, err := os.Stat(dir); err == nil && info.Mode().IsRegular() && strings.HasSuffix(dir, ".jsonl") {
		return p.plotLag(dir, f)
	}
	info, err := store.ReadInfo(dir)
	if err != nil {
		return err
	}
	record, err := session.ReadRecord(dir)
	if err != nil {
		return err
	}
	out := f.out
	if out == "" {
		out = filepath.Join(dir, "plots")
	}
	a := &album{p: p, info: info, record: record, dir: dir, dark: f.theme == "dark"}
	figures := a.curves()
	if f.sentence != "" {
		states, err := a.states(f.sentence)
		if err != nil {
			return err
		}
		figures = append(figures, states...)
	}
	ofText, err := a.ofText(f)
	if err != nil {
		return err
	}
	figures = append(figures, ofText...)
	if err := os.MkdirAll(out, 0o777); err != nil {
		return hinted{what: say.Textf("%s: cannot be written: %v", out, reason(err)), try: say.Textf("choose another directory with --out")}
	}
	for _, g := range figures {
		if !f.wants(g.kind) {
			continue
		}
		files, err := saveAs(g.figure, filepath.Join(out, g.name), f.formats)
		if err != nil {
			return err
		}
		if err := p.wrote(f, plotted{g.name, files}); err != nil {
			return err
		}
		if missing := g.figure.Missing(); len(missing) > 0 && slices.Contains(f.formats, picture.PNG) {
			fmt.Fprintf(p.errs, "rnnscope: %s\n", p.say("no font here has %s; the PNG shows their numbers, the SVG is whole", string(missing[:min(len(missing), 20)])))
		}
	}
	if f.wants("metrics") {
		path := filepath.Join(out, "metrics.csv")
		if err := saveFile(path, record.WriteCSV); err != nil {
			return err
		}
		if err := p.wrote(f, plotted{"metrics", []string{path}}); err != nil {
			return err
		}
	}
	if f.wants("report") {
		path := filepath.Join(out, "report.html")
		if err := picture.SaveReport(a.report(figures), path); err != nil {
			return err
		}
		return p.wrote(f, plotted{"report", []string{path}})
	}
	return nil
}

// reason is err without the call and the path that the system's errors carry.
func reason(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// wrote says which files a figure is in.
func (p *program) wrote(f *plotFlags, done plotted) error {
	if f.json {
		return p.json(done)
	}
	for _, file := range done.Files {
		fmt.Fprintln(p.out, file)
	}
	return nil
}

// saveAs writes a figure in some formats.
func saveAs(f picture.Figure, base string, formats []string) ([]string, error) {
	var files []string
	for _, format := range formats {
		path := base + "." + format
		if err := saveFile(path, func(w io.Writer) error { return picture.Write(f, format, w) }); err != nil {
			return files, err
		}
		files = append(files, path)
	}
	return files, nil
}

// saveFile writes a file that takes the place of an older one when it is whole.
func saveFile(path string, write func(io.Writer) error) error {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return err
	}
	return store.ReplaceFile(path, b.Bytes())
}

// encoded is a sentence as ids, and what each is called.
func encoded(v *corpora.Vocabulary, sentence string) (ids []int32, token func(i int) string) {
	ids = v.Encode(sentence)
	if v.Level() == corpora.Char {
		symbols := []rune(strings.ReplaceAll(sentence, "\r\n", "\n"))
		return ids, func(i int) string { return string(symbols[i]) }
	}
	return ids, func(i int) string { return v.Decode(ids[i : i+1]) }
}
