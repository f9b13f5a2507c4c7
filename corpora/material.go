package corpora

import (
	"errors"
	"io"
	"io/fs"

	"rnnscope/core/say"
)

// The three parts of a corpus, in the order they are read.
const (
	train = iota
	valid
	test
)

// material is what a name stands for, before it is read: one source to be cut,
// or up to three.
type material struct {
	sources   [3]source // without a reader: that part is empty
	cut       bool      // sources[train] is to be cut in three
	level     Level     // unless asked for
	builtin   bool
	grammar   grammar // nil: not generated
	generated [3]*generated
}

func (m *material) close() {
	for _, s := range m.sources {
		s.close()
	}
}

// find says what a name stands for.
func find(name string, stdin io.Reader) (*material, error) {
	if name == "-" {
		return &material{sources: [3]source{stdinSource(stdin)}, cut: true}, nil
	}
	b, err := lookup(name)
	if err != nil {
		return nil, err
	}
	if b != nil {
		return b.material(name), nil
	}
	d := downloadable(name)
	if d != nil {
		if m, err := d.material(); m != nil || err != nil {
			return m, err
		}
	}
	s, err := fileSource(name)
	if errors.Is(err, fs.ErrNotExist) {
		if d != nil {
			return nil, &Error{What: say.Textf("%s: has not been downloaded", name), Hint: say.Textf("get it: rnnscope corpora get %s", name), Err: err}
		}
		return nil, &Error{
			What: say.Textf("%s: no such file, and no built-in text has this name", name),
			Hint: say.Textf("the built-in texts: rnnscope corpora"),
			Err:  err,
		}
	}
	if err != nil {
		return nil, err
	}
	return &material{sources: [3]source{s}, cut: true}, nil
}

// material is a built-in text to be cut, or the three splits of a grammar.
func (b *builtin) material(name string) *material {
	m := &material{level: b.level, builtin: true}
	if b.grammar == nil {
		m.sources[train], m.cut = stringSource(name, b.text()), true
		return m
	}
	m.grammar, m.generated = b.grammar, b.splits()
	for part, g := range m.generated {
		m.sources[part] = stringSource(name, g.text)
	}
	return m
}

// replace makes the whole text training text and puts the texts that the
// options name in place of the other splits. A grammar stands for its split of
// that kind, or all training text when it has none.
func (m *material) replace(name string, opt Options) error {
	m.cut = false
	for part, other := range [3]string{valid: opt.Valid, test: opt.Test} {
		if part == train {
			continue
		}
		m.sources[part].close()
		m.sources[part], m.generated[part] = source{}, nil
		if other == "" {
			continue
		}
		if other == "-" && (name == "-" || part == test && opt.Valid == "-") {
			return &Error{What: say.Textf("standard input can be read only once")}
		}
		o, err := find(other, opt.Stdin)
		if err != nil {
			return err
		}
		from := part
		if o.cut || o.sources[part].r == nil {
			from = train
		}
		m.sources[part], o.sources[from] = o.sources[from], source{}
		if o.builtin && other == name {
			m.generated[part] = o.generated[from]
		}
		o.close()
	}
	return nil
}
