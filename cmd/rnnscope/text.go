package main

import (
	"fmt"

	"rnnscope/corpora"
)

// text opens a text and shows how far reading has got, on a terminal.
func (p *program) text(name string, o corpora.Options) (*corpora.Corpus, error) {
	o.Stdin = p.in
	l := lines{out: p.errs, terminal: terminal(p.errs)}
	o.Progress = func(read, total int64) {
		if total > 0 {
			l.status(fmt.Sprintf("reading %s: %d %%", name, 100*read/total))
		} else {
			l.status(fmt.Sprintf("reading %s: %s bytes", name, thousands(read)))
		}
	}
	c, err := corpora.Open(name, o)
	l.status("")
	return c, err
}
