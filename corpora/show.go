package corpora

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"math"
	"strings"
	"unicode/utf8"

	"rnnscope/core/say"
)

// Entry is a built-in text as a list shows it.
type Entry struct {
	Name    string
	Aliases []string
	Kind    Kind
	Level   Level // unless asked for otherwise

	Title, TitleZH string
	About, AboutZH string

	// Of a grammar: the lines and the seeds of train, valid and test, and the
	// variants, the plain one first. Others than these can be opened: Syntax.
	Lines    [3]int
	Seeds    [3]uint64
	Variants []Variant
	Syntax   string
}

// Variant is a grammar with its exact figures.
type Variant struct {
	Name    string  // to be opened by, as in recall:20
	Symbols int     // of the vocabulary
	Tokens  float64 // of a line on average, its end included
	// Floor is the entropy, Forgets what a model reaches that has all but what
	// Forgotten names; nats per token.
	Floor, Forgets float64
	Forgotten      string
}

// List is the table of built-in texts.
func List() []Entry {
	out := make([]Entry, len(families))
	for i := range families {
		out[i] = families[i].entry()
	}
	return out
}

func (f *family) entry() Entry {
	e := Entry{
		Name: f.name, Aliases: strings.Fields(f.alias), Kind: Prose, Level: f.level,
		Title: f.title, TitleZH: f.titleZH, About: f.about, AboutZH: f.aboutZH,
	}
	if f.pairs {
		e.Kind = SentencePairs
	}
	if f.grammar == nil {
		return e
	}
	e.Kind, e.Lines, e.Seeds, e.Syntax = Grammar, f.lines, seeds, f.syntax
	for _, v := range append([]string{""}, strings.Fields(f.variants)...) {
		g, _ := f.grammar(v)
		e.Variants = append(e.Variants, f.variant(strings.TrimSuffix(f.name+":"+v, ":"), g))
	}
	return e
}

func (f *family) variant(name string, g grammar) Variant {
	x := g.expected()
	return Variant{Name: name, Symbols: x.symbols, Tokens: x.tokens, Floor: x.floor(), Forgets: x.forgetful(), Forgotten: f.forgets}
}

// Description is all there is to say of a built-in text without a model.
type Description struct {
	Entry
	Variant *Variant // the one asked for; nil unless a grammar
	// Phenomenon is what the scored positions of a grammar are about, in the
	// classes in which they are counted.
	Phenomenon string
	Classes    []string
	Parts      []Part
	Beginning  string // the first lines
}

// Part is one split of a built-in text, or a whole table of pairs.
type Part struct {
	Name   string // train, valid, test; all
	Lines  int
	Tokens int // at the level of the text
	Bytes  int
	SHA256 string
	Scored int
	// Floor is the surprise of this very text under its grammar, in nats per
	// predicted token; NaN when there is no grammar.
	Floor float64
}

// beginningLines is how many lines a description shows.
const beginningLines = 8

// partNames in the order of the splits.
var partNames = [3]string{"train", "valid", "test"}

// Show describes a built-in text.
func Show(name string) (*Description, error) {
	b, err := known(name)
	if err != nil {
		return nil, err
	}
	d := &Description{Entry: b.family.entry()}
	if b.grammar != nil {
		p := b.grammar.phenomenon()
		v := b.family.variant(b.name, b.grammar)
		d.Variant, d.Phenomenon, d.Classes = &v, p.title, p.classes
	}
	texts, names := b.parts(), partNames[:]
	if b.family.pairs {
		names = []string{"all"}
	}
	for i, name := range names {
		p := describePart(name, texts[i].text)
		p.Floor = math.NaN()
		if b.grammar != nil {
			g := texts[i]
			p.Tokens, p.Scored, p.Floor = g.tokens, len(g.scored), g.floor(b.level, b.level, g.tokens)
		}
		d.Parts = append(d.Parts, p)
	}
	for line := range strings.Lines(texts[train].text) {
		d.Beginning += line
		if strings.Count(d.Beginning, "\n") == beginningLines {
			break
		}
	}
	return d, nil
}

func describePart(name, text string) Part {
	sum := sha256.Sum256([]byte(text))
	lines := strings.Count(text, "\n")
	if text != "" && !strings.HasSuffix(text, "\n") {
		lines++
	}
	return Part{Name: name, Lines: lines, Tokens: utf8.RuneCountInString(text), Bytes: len(text), SHA256: hex.EncodeToString(sum[:])}
}

// parts is the text of each split. That of pairs is whole.
func (b *builtin) parts() [3]*generated {
	if b.grammar != nil {
		return b.splits()
	}
	text := b.text()
	if b.family.pairs {
		return [3]*generated{{text: text}, {}, {}}
	}
	runes := []rune(text)
	var opt Options
	opt.check() // fills in the shares
	v, t := cuts(len(runes), opt.Split)
	return [3]*generated{{text: string(runes[:v])}, {text: string(runes[v:t])}, {text: string(runes[t:])}}
}

// Write writes the text of a split exactly as it is read: train, valid or test.
// An empty split stands for the whole of a text that is one, and for the
// training text of a grammar.
func Write(w io.Writer, name, split string) error {
	b, err := known(name)
	if err != nil {
		return err
	}
	if split == "" && b.grammar == nil {
		_, err = io.WriteString(w, b.text())
		return err
	}
	for part, s := range partNames {
		if (s == split || split == "" && part == train) && !b.family.pairs {
			_, err = io.WriteString(w, b.parts()[part].text)
			return err
		}
	}
	if b.family.pairs {
		return &Error{What: say.Textf("%s: pairs of sentences have no splits", name), Hint: say.Textf("leave the split out")}
	}
	return &Error{What: say.Textf("%s: no split is called %q", name, split), Hint: say.Textf("try train, valid or test")}
}

// known is named for a name that must be a built-in.
func known(name string) (*builtin, error) {
	b, err := named(name)
	if b == nil && err == nil {
		err = &Error{What: say.Textf("%s: no built-in text has this name", name), Hint: say.Textf("the built-in texts: rnnscope corpora")}
	}
	return b, err
}
