package main

import (
	"fmt"
	"math"

	"github.com/spf13/cobra"

	"rnnscope/core/say"
	"rnnscope/core/session"
	"rnnscope/corpora"
	"rnnscope/tui/words"
)

// corpora lists, shows, writes and downloads texts.
func (p *program) corpora() *cobra.Command {
	c := p.corporaList()
	c.Use = "corpora"
	c.Short = "The built-in texts, and those that can be downloaded"
	c.Example = `  rnnscope corpora                  list them
  rnnscope corpora show recall:20   what it is, its exact entropy, its beginning
  rnnscope corpora write sums --split valid > sums.txt
  rnnscope corpora get tinyshakespeare`
	list := p.corporaList()
	for _, sub := range []*cobra.Command{list, p.corporaShow(), p.corporaWrite(), p.corporaGet()} {
		c.AddCommand(sub)
	}
	return c
}

// listedText is a line of `corpora list --json`.
type listedText struct {
	Name     string          `json:"name"`
	Kind     string          `json:"kind"` // text, grammar, pairs or download
	Level    string          `json:"level,omitempty"`
	Title    string          `json:"title"`
	Variants []listedVariant `json:"variants,omitempty"`
}

type listedVariant struct {
	Name    string         `json:"name"`
	Symbols int            `json:"symbols"`
	Tokens  float64        `json:"tokens_per_line"`
	Floor   session.Number `json:"floor_bits"`
	Forgets session.Number `json:"forgets_bits"`
}

func variantOf(v corpora.Variant) listedVariant {
	return listedVariant{v.Name, v.Symbols, v.Tokens, session.Number(v.Floor / math.Ln2), session.Number(v.Forgets / math.Ln2)}
}

func (p *program) corporaList() *cobra.Command {
	var asJSON bool
	c := command(&cobra.Command{
		Use:     "list",
		Short:   "List them",
		Example: "  rnnscope corpora list --json",
		Args:    noArgument,
		RunE: func(*cobra.Command, []string) error {
			if !asJSON {
				fmt.Fprintln(p.out, p.say("name             kind     level; of a grammar its variants, with the exact entropy and what a model reaches without the long dependency"))
			}
			for _, e := range corpora.List() {
				listed := listedText{Name: e.Name, Kind: string(e.Kind), Level: e.Level.String(), Title: e.Title}
				for _, v := range e.Variants {
					listed.Variants = append(listed.Variants, variantOf(v))
				}
				if asJSON {
					if err := p.json(listed); err != nil {
						return err
					}
					continue
				}
				fmt.Fprintln(p.out, p.row(e.Name, string(e.Kind), e.Level, p.titled(e.Title, e.TitleZH)))
				for _, v := range e.Variants {
					line := p.say("  %-16s floor %.4f bits a token", v.Name, v.Floor/math.Ln2)
					if note := p.forgets(v); note != "" {
						line = p.say("%s, %s", line, note)
					}
					fmt.Fprintln(p.out, line)
				}
			}
			return p.listDownloads(asJSON)
		},
	})
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object a line")
	return c
}

// row is a line of the list of texts.
func (p *program) row(name, kind string, level corpora.Level, title string) string {
	return fmt.Sprintf("%-16s %s %s %s", name, pad(p.phrase(kind), 8), pad(p.phrase(level.String()), 5), title)
}

// titled is a title in the language of the program.
func (p *program) titled(english, chinese string) string {
	if p.lang == words.Chinese && chinese != "" {
		return chinese
	}
	return english
}

// forgets is what a model reaches without the long dependency, "" when it is
// not known.
func (p *program) forgets(v corpora.Variant) string {
	if math.IsNaN(v.Forgets) || v.Forgotten == "" {
		return ""
	}
	return p.say("%.4f without %s", v.Forgets/math.Ln2, say.Phrase(v.Forgotten))
}

// shownText is what `corpora show --json` prints.
type shownText struct {
	listedText
	About      string         `json:"about"`
	Variant    *listedVariant `json:"variant,omitempty"`
	Phenomenon string         `json:"phenomenon,omitempty"`
	Classes    []string       `json:"classes,omitempty"`
	Parts      []shownPart    `json:"parts"`
	Beginning  string         `json:"beginning"`
}

type shownPart struct {
	Name   string         `json:"name"`
	Lines  int            `json:"lines"`
	Tokens int            `json:"tokens"`
	Bytes  int            `json:"bytes"`
	SHA256 string         `json:"sha256"`
	Scored int            `json:"scored,omitempty"`
	Floor  session.Number `json:"floor_bits"`
}

func (p *program) corporaShow() *cobra.Command {
	var asJSON bool
	c := command(&cobra.Command{
		Use:     "show NAME",
		Short:   "What a built-in text is, its exact entropy, how it begins",
		Example: "  rnnscope corpora show brackets:4",
		Args:    argumentCount(1, 1, "one NAME"),
		RunE: func(_ *cobra.Command, args []string) error {
			d, err := corpora.Show(args[0])
			if err != nil {
				for _, c := range corpora.Catalogue() {
					if c.Name == args[0] {
						return hinted{what: say.Textf("%s is no built-in text but one to be downloaded: %s", c.Name, p.titled(c.Title, c.TitleZH)), try: say.Textf("rnnscope corpora get %s", c.Name)}
					}
				}
				return err
			}
			if asJSON {
				return p.json(shown(d))
			}
			fmt.Fprintf(p.out, "%s\n%s\n", p.say("%s: %s", args[0], p.titled(d.Title, d.TitleZH)), p.titled(d.About, d.AboutZH))
			if v := d.Variant; v != nil {
				fmt.Fprintf(p.out, "\n%s\n", p.say("exact entropy %.6f bits a token, perplexity %.4f; %d symbols, %.4f tokens a line", v.Floor/math.Ln2, math.Exp(v.Floor), v.Symbols, v.Tokens))
				if note := p.forgets(*v); note != "" {
					fmt.Fprintln(p.out, p.say("a model that forgets: %s", note))
				}
				fmt.Fprintln(p.out, p.say("scored: %s", say.Phrase(d.Phenomenon)))
			}
			if d.Syntax != "" {
				fmt.Fprintln(p.out, p.say("variants: %s", say.Phrase(d.Syntax)))
			}
			fmt.Fprintln(p.out)
			for _, part := range d.Parts {
				fmt.Fprint(p.out, p.say("%s %8s lines %10s tokens %10s bytes  sha256 %s…", pad(p.phrase(part.Name), 6), thousands(int64(part.Lines)), thousands(int64(part.Tokens)), thousands(int64(part.Bytes)), part.SHA256[:12]))
				if !math.IsNaN(part.Floor) {
					fmt.Fprint(p.out, p.say("  floor %.4f bits", part.Floor/math.Ln2))
				}
				fmt.Fprintln(p.out)
			}
			fmt.Fprintf(p.out, "\n%s\n", indent(d.Beginning))
			return nil
		},
	})
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return c
}

func shown(d *corpora.Description) shownText {
	s := shownText{
		listedText: listedText{Name: d.Name, Kind: string(d.Kind), Level: d.Level.String(), Title: d.Title},
		About:      d.About, Phenomenon: d.Phenomenon, Classes: d.Classes, Beginning: d.Beginning,
	}
	if d.Variant != nil {
		v := variantOf(*d.Variant)
		s.Variant = &v
	}
	for _, part := range d.Parts {
		s.Parts = append(s.Parts, shownPart{part.Name, part.Lines, part.Tokens, part.Bytes, part.SHA256, part.Scored, session.Number(part.Floor / math.Ln2)})
	}
	return s
}

func (p *program) corporaWrite() *cobra.Command {
	var split string
	c := command(&cobra.Command{
		Use:   "write NAME",
		Short: "Write a built-in text to standard output",
		Long: `Write a built-in text to standard output: the whole of a text, the training
split of a grammar, or the split named.`,
		Example: "  rnnscope corpora write recall:20 --split test > recall.txt",
		Args:    argumentCount(1, 1, "one NAME"),
		RunE: func(_ *cobra.Command, args []string) error {
			return corpora.Write(p.out, args[0], split)
		},
	})
	c.Flags().StringVar(&split, "split", "", "train, valid or test")
	return c
}
