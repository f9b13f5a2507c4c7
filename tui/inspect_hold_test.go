package tui

import (
	"fmt"
	"math"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"rnnscope/core/scope"
	"rnnscope/core/session"
	"rnnscope/tui/words"
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

// In a small terminal all operations can be reached: enter shows the last, and a
// page up the first.
func TestInspectScrollsTheEquation(t *testing.T) {
	i := inspect(t, "fables", "lstm", 1, 8, views.Options{Profile: views.TrueColor})
	i.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
	i.keys("tab", "enter")
	step := i.s.step()
	i.shows("operation 24 of 24 · ↑ ", fmt.Sprintf("= %+.5f", step.Layers[0].C[0]), fmt.Sprintf("= %+.5f", step.Layers[0].H[0]), "softmax(logits)")
	i.keys("pgup")
	i.shows(fmt.Sprintf("= %+.5f", step.Layers[0].Gates["f"][0]), "operation 24 of 24 · ↓ ")
	if strings.Contains(i.text(), "softmax(logits)") {
		t.Error("a page up leaves the last rows in view")
	}
	if i.s.unit != 0 {
		t.Errorf("the page up went to unit %d", i.s.unit)
	}
	i.keys("pgdown")
	i.shows("softmax(logits)")
	for range 24 { // one operation at a time, the row of each is in view
		i.keys("space")
		i.shows("▸ ")
	}
	i.shows("▸ p = softmax(logits)")
}

// An intervention is said in every view, with whether the view shows it, until it
// is taken back.
func TestInspectSaysThatUnitsAreChanged(t *testing.T) {
	i := inspect(t, "fables", "lstm", 1, 8, views.Options{Profile: views.TrueColor})
	i.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
	i.run(i.s.set("The keys to the cabinet are here.", "The keys to the cabinet is here."))
	i.keys("down", "down", "a")
	for view := range i.s.views {
		i.run(i.s.turnTo(view))
		switch view {
		case compareAt:
			i.shows("● layer 1 unit 2 ablated · X undoes · here only the log-odds show it")
		case changeAt:
			i.shows("● X undoes · here both models are shown", "● layer 1 unit 2 ablated")
		default:
			i.shows("● layer 1 unit 2 ablated · X undoes · here the model as trained")
			if i.s.step().Layers[0].H[2] == 0 {
				t.Errorf("view %d shows the unit ablated", view)
			}
		}
	}
	i.keys("X")
	if strings.Contains(i.text(), "X undoes") {
		t.Error("interventions are said when there are none")
	}
}

// A state is taken from the same place of the other sentence, until its cursor is
// put elsewhere.
func TestInspectSwapsTheSamePlace(t *testing.T) {
	i := inspect(t, "fables", "gru", 1, 8, views.Options{Profile: views.TrueColor})
	i.run(i.s.set("The keys to the cabinet are here.", "The key is."))
	i.run(i.s.turnTo(changeAt))
	i.keys("right", "right", "right", "y")
	i.shows("after token 4 of A stands the state after token 4 of B")
	i.keys("end", "y")
	i.shows("after token 33 of A stands the state after token 11 of B")
	i.keys("s", "left", "s", "home", "y")
	i.shows("after token 1 of A stands the state after token 10 of B")
}

// The maps of two sentences have one scale, that of the larger values.
func TestInspectComparesOnOneScale(t *testing.T) {
	i := inspect(t, "fables", "gru", 1, 8, views.Options{Profile: views.TrueColor})
	i.run(i.s.set("The keys to the cabinet are here.", "T"))
	i.run(i.s.turnTo(compareAt))
	i.View()
	top := 0.0
	for n := range i.s.page.Sentences {
		for _, step := range i.s.page.Sentences[n].Trace.Steps {
			for _, h := range step.Layers[0].H {
				top = max(top, math.Abs(float64(h)))
			}
		}
	}
	least, most := i.s.views[compareAt].(*compareView).scale(scope.Hidden, true)
	if least != -top || most != top {
		t.Errorf("the scale is %v … %v, the largest |h| of both %v", least, most, top)
	}
	if got := strings.Count(i.text(), "scale of A and B"); got != 2 {
		t.Errorf("%d maps say that they share a scale:\n%s", got, i.text())
	}
}

// A sentence that was given stands with the cursor on its last token, which all
// before it speaks for, whatever page of the sentence before comes meanwhile; a
// piece of the text is read from its beginning.
func TestInspectAsksAfterTheLastToken(t *testing.T) {
	i := inspect(t, "fables", "gru", 1, 8, views.Options{Profile: views.TrueColor})
	if at := i.s.at(); at.Token != 0 {
		t.Errorf("the text begins at token %d", at.Token+1)
	}
	typed := func(key, text string) {
		i.keys(key)
		i.run(i.paste(text))
		i.keys("enter")
	}
	typed("e", "The fox")
	i.shows("token 7 of 7: “x”")
	i.run(i.s.turnTo(influenceAt))
	i.settle("an influence", func() bool { return i.s.views[influenceAt].(*influenceView).influence() != nil })
	i.shows("after token 7")
	typed("E", "The wolves")
	i.shows("token 7 of 7: “x”")
	if i.s.token[1] != 6 {
		t.Errorf("the cursor of the longer second sentence is at token %d, that of the first at 7", i.s.token[1]+1)
	}
	// A page of the old sentence, newer than the last, before that of the new one.
	answer := i.s.give("A crow and a fox", "")
	late := *i.s.page
	late.Seq++
	i.s.turn(&late)
	i.run(answer)
	i.shows("token 16 of 16: “x”")
	i.keys("n")
	i.shows("token 1 of ")
	i.keys("b", "enter")
	if n := i.s.page.Sentences[0].Len(); i.s.token[0] != n-1 {
		t.Errorf("a built-in sentence of %d tokens has its cursor at %d", n, i.s.token[0]+1)
	}
}

// What is not scored of two sentences is said at every size, and that nothing is
// said of the whole sentences where their first tokens differ; means have the same
// decimals.
func TestInspectSaysWhatIsNotScored(t *testing.T) {
	i := inspect(t, "zh", "gru", 1, 8, views.Options{Profile: views.TrueColor})
	i.run(i.s.turnTo(compareAt))
	for _, lang := range words.Langs() {
		i.lang, i.words = lang, words.For(lang)
		for _, size := range [][2]int{{80, 24}, {120, 36}} {
			i.Update(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
			w := &i.words.Inspect
			i.run(i.s.set("狗咬人", "狗咬人人"))
			i.shows(w.FirstUnscored)
			if strings.Contains(i.text(), w.FirstDiffer) {
				t.Errorf("%v: first tokens that are the same are said to differ", size)
			}
			i.run(i.s.set("狗咬人", "人咬狗"))
			i.shows(w.FirstDiffer)
		}
	}
	i.run(i.s.set("狗咬人", "狗咬人人"))
	a, na := total(i.s.page.Sentences[0].Trace)
	b, nb := total(i.s.page.Sentences[1].Trace)
	i.shows(fmt.Sprintf(i.words.Inspect.PerToken, fmt.Sprintf("%.2f", a/float64(na)), fmt.Sprintf("%.2f", b/float64(nb))))
	i.run(i.s.set("", "狗咬人"))
	i.keys("s") // the one that there is
	i.shows("log p")
}

// The equation says what its strip of colours is, where there is one, and by what
// other name its weights go; the unrolled network says the same of its own.
func TestInspectNamesWeightsBothWays(t *testing.T) {
	for _, c := range []struct{ cell, names string }{{"rnn", "W_ih"}, {"gru", "W_ir W_iz W_in"}, {"lstm", "W_ii W_if W_ig W_io"}} {
		i := inspect(t, "fables", c.cell, 1, 64, views.Options{Profile: views.TrueColor})
		i.Update(tea.WindowSizeMsg{Width: 120, Height: 40})
		i.run(i.s.turnTo(equationAt))
		i.settle("an equation", func() bool { return i.s.views[equationAt].(*equationView).equation() != nil })
		i.shows(c.names+": the lecture's W_hx", "right: largest of every ", "a prime is the step before")
		i.Update(tea.WindowSizeMsg{Width: 220, Height: 40})
		i.shows("right: all units, scaled by row")
		i.Update(tea.WindowSizeMsg{Width: 80, Height: 40})
		if strings.Contains(i.text(), "right:") {
			t.Errorf("%s: a strip is told of that is not there:\n%s", c.cell, i.text())
		}
		i.Update(tea.WindowSizeMsg{Width: 220, Height: 40})
		i.run(i.s.turnTo(unrolledAt))
		i.shows("W_hx: " + c.names + " in the equation, weight_ih in PyTorch")
	}
}

// A probability that is neither 0 nor 1 does not look so, in four columns.
func TestTwoDecimals(t *testing.T) {
	for p, want := range map[float64]string{0: ".00", 0.0013: "<.01", 0.00499: "<.01", 0.005: ".01", 0.31: ".31", 0.994: ".99", 0.9951: ">.99", 1: "1.00"} {
		if got := twoDecimals(p); got != want {
			t.Errorf("%v is written %q, want %q", p, got, want)
		}
	}
}

// What is counted as saturated is called by the ends of the gate: a tanh's are -1 and 1.
func TestSaturationIsOfTheGatesEnds(t *testing.T) {
	i := inspect(t, "fables", "lstm", 1, 8, views.Options{Profile: views.TrueColor})
	i.run(i.s.set("The fox", ""))
	i.run(i.s.turnTo(unitAt))
	i.settle("the gates", func() bool { return strings.Count(i.text(), "near 1") == 4 })
	if text := i.text(); strings.Count(text, "near 0") != 3 || strings.Count(text, "near -1") != 1 {
		t.Errorf("of four gates, one a tanh, the ends are called\n%s", text)
	}
}
