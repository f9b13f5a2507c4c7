package session

import (
	"rnnscope/core/ngram"
	"rnnscope/core/sample"
	"rnnscope/core/scope"
)

// SetNgram lets an n-gram write, modified Kneser-Ney of the usual order, or the
// network again. Until its n-grams are counted the network goes on.
func (a *Author) SetNgram(on bool) <-chan *scope.Page {
	return a.ask(func() {
		a.counting = on && a.counted == nil
		a.gram = nil
		if on {
			a.gram = a.counted
		}
		a.forget()
		if !a.counting {
			return
		}
		a.live.Ladder().ngramWriter(func(m *ngram.Model) {
			a.inbox.put(func() {
				a.counted = m
				if a.counting {
					a.counting, a.gram = false, m
					a.forget()
					a.Pages.Put(a.page())
				}
			})
		})
	})
}

// writer is who writes: the network, or the n-gram in its place.
func (a *Author) writer() sample.Writer {
	if a.gram != nil {
		return a.gram.NewWriter()
	}
	return a.weights.Model.NewStepper()
}
