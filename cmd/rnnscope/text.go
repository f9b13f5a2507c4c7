package main

import (
	"fmt"

	"rnnscope/core/store"
	"rnnscope/corpora"
)

// text opens a text and shows how far reading has got, on a terminal.
func (p *program) text(name string, o corpora.Options) (*corpora.Corpus, error) {
	o.Stdin = p.in
	l := newLines(p.errs)
	if terminal(p.in) && (name == "-" || o.Valid == "-" || o.Test == "-") {
		fmt.Fprintln(p.errs, "reading standard input; end it with ctrl+d")
	}
	o.Progress = func(read, total int64) {
		if total > 0 {
			l.status(fmt.Sprintf("reading %s: %d %%", name, 100*read/total))
		} else {
			l.status(fmt.Sprintf("reading %s: %s bytes", name, thousands(read)))
		}
	}
	c, err := corpora.Open(name, o)
	l.status("")
	if err == nil {
		return c, nil
	}
	if _, e := store.ReadInfo(name); e == nil {
		err = hinted{what: name + " is a run, not a text", try: fmt.Sprintf("go on with it: rnnscope train --resume %s; or let it write: rnnscope sample %s", name, name)}
	}
	return nil, err
}
