package main

import (
	"errors"
	"fmt"
	"io/fs"

	"rnnscope/core/say"
	"rnnscope/core/store"
	"rnnscope/corpora"
)

// text opens a text and shows how far reading has got, on a terminal.
func (p *program) text(name string, o corpora.Options) (*corpora.Corpus, error) {
	o.Stdin = p.in
	l := p.lines(p.errs)
	if terminal(p.in) && (name == "-" || o.Valid == "-" || o.Test == "-") {
		fmt.Fprintln(p.errs, p.say("reading standard input; end it with ctrl+d"))
	}
	o.Progress = func(read, total int64) {
		if total > 0 {
			l.status(l.say("reading %s: %d %%", name, 100*read/total))
		} else {
			l.status(l.say("reading %s: %s bytes", name, thousands(read)))
		}
	}
	c, err := corpora.Open(name, o)
	l.status("")
	if err == nil {
		return c, nil
	}
	if _, e := store.ReadInfo(name); e == nil {
		err = hinted{what: say.Textf("%s is a run, not a text", name), try: say.Textf("go on with it: rnnscope train --resume %s; or let it write: rnnscope sample %s", name, name)}
	}
	if near := nearText(name); near != "" && errors.Is(err, fs.ErrNotExist) {
		err = hinted{what: err, try: say.Textf("did you mean %s? The built-in texts: rnnscope corpora", near)}
	} else if near := p.mistyped(name); near != "" && errors.Is(err, fs.ErrNotExist) {
		err = hinted{what: err, try: say.Textf("did you mean rnnscope %s? Else the built-in texts: rnnscope corpora", near)}
	}
	return nil, err
}

// nearText is the built-in text that a name is almost, else "".
func nearText(name string) string {
	var names []string
	for _, e := range corpora.List() {
		names = append(names, e.Name)
	}
	return nearest(name, names)
}

// mistyped is the command that a word is almost, where a command could have
// stood, else "".
func (p *program) mistyped(word string) string {
	if p.running == nil || p.running.HasParent() {
		return ""
	}
	if near := p.running.SuggestionsFor(word); len(near) > 0 {
		return near[0]
	}
	return ""
}
