package tui

import (
	"fmt"
	"testing"

	"rnnscope/core/session"
	"rnnscope/views"
)

// The numbers of the equation stay while one steps through it and the model
// learns on; f follows the model, and so does any other view.
func TestInspectHoldsTheWeights(t *testing.T) {
	i := inspect(t, "fables", "gru", 1, 8, views.Options{Profile: views.TrueColor})
	i.keys("tab", "space")
	held := i.s.page.Update
	i.shows(fmt.Sprintf("held at update %s, f follows", thousands(held)), "f weights")
	h := i.s.step().Layers[0].H[0]
	i.live.Toggle()
	i.settle("that the model has learned", func() bool { return i.snap != nil && i.snap.Update >= held+50 })
	i.keys("space", "right", "left", "enter")
	i.settle("a page", func() bool { return i.s.views[equationAt].(*equationView).equation() != nil })
	if got := i.s.step().Layers[0].H[0]; got != h || i.s.page.Update != held {
		t.Errorf("h was %v at update %d, and is %v at %d", h, held, got, i.s.page.Update)
	}
	i.keys("f")
	i.settle("newer weights", func() bool { return i.s.page.Update > held })
	i.keys("space") // what was asked to follow is not held again
	if i.s.held || i.s.weights != session.Newest {
		t.Error("the weights are held though f was pressed")
	}
	i.keys("tab", "shift+tab", "space")
	if !i.s.held {
		t.Error("a view that is opened again does not hold the weights")
	}
	held = i.s.page.Update
	i.keys("tab")
	i.settle("newer weights in the next view", func() bool { return !i.s.held && i.s.page.Update > held })
}
