package tui

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"rnnscope/core/scope"
	"rnnscope/core/session"
	"rnnscope/corpora"
	"rnnscope/tui/words"
	"rnnscope/views"
	"rnnscope/views/picture"
)

// recordedInspection is what the recorded model did with a sentence: its hidden
// states and logits.
const recordedInspection = "testdata/inspection.json"

// TestRecordInspection trains the recorded model and records what it does with a
// sentence; only when asked to.
func TestRecordInspection(t *testing.T) {
	if !*record {
		t.Skip("records a sentence only with -record")
	}
	c := recordedConfig()
	c.Updates = recordedUpdates
	corpus, err := corpora.Open(corpora.Default, corpora.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := session.New(c, corpus, nil)
	if err != nil {
		t.Fatal(err)
	}
	l := session.NewLive(s, nil)
	l.Start(false)
	defer func() { l.Quit(); l.Wait() }()
	for done := false; !done; time.Sleep(10 * time.Millisecond) {
		if got := l.Snapshots.Take(); got != nil {
			done = got.Phase == scope.Finished
		}
	}
	i := l.NewInspector()
	defer i.Close()
	<-i.Read("The keys to the cabinet are on the table.", "")
	<-i.Point(scope.Point{Token: 12})
	p := <-i.Arrange(&scope.Arrangement{Quantity: scope.Hidden})
	for n := range p.Sentences { // the map of h needs no more
		for i := range p.Sentences[n].Trace.Steps {
			for l := range p.Sentences[n].Trace.Steps[i].Layers {
				y := &p.Sentences[n].Trace.Steps[i].Layers[l]
				y.C, y.Gates = nil, map[string]scope.Vector{}
			}
		}
	}
	text, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(recordedInspection, text, 0o666); err != nil {
		t.Fatal(err)
	}
}

// The picture of the README is drawn from the recorded states; see TestPictures.
func TestPictureOfInspect(t *testing.T) {
	text, err := os.ReadFile(recordedInspection)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		lang words.Lang
	}{{"inspect", words.English}, {"inspect-zh", words.Chinese}} {
		var p scope.Inspection
		if err := json.Unmarshal(text, &p); err != nil {
			t.Fatal(err)
		}
		for n := range p.Sentences {
			for i := range p.Sentences[n].Trace.Steps {
				step := &p.Sentences[n].Trace.Steps[i]
				step.P = softmax(step.Logits)
			}
		}
		a := shownRun(t, 120, 36, c.lang, Dark, views.Options{}, 60)
		a.at = tabIndex("inspect")
		s := a.shown().(*inspectScreen)
		s.inputs[0].SetValue(p.Sentences[0].Text)
		s.inputs[0].CursorStart()
		s.token[0], s.order = p.Point.Token, bySimilarity
		s.turn(&p)
		s.unit = s.ordered()[40]
		a.stale, a.chrome.stale = true, true
		a.View() // lays it out
		var got bytes.Buffer
		screen := &picture.Screen{Page: picture.Page{Title: "rnnscope", Description: a.caption(), Theme: a.theme}, Canvas: a.wholeCanvas(), Window: true}
		if err := screen.WriteSVG(&got); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join("testdata", c.name+".svg")
		if *update {
			if err := os.WriteFile(path, got.Bytes(), 0o666); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got.Bytes(), want) {
			t.Errorf("%s is no longer what the program draws; if it should not be, go test ./tui -run TestPicture -update", path)
		}
	}
}

// softmax of logits, summed in float64: a trace does not record what follows
// from them.
func softmax(logits scope.Vector) scope.Vector {
	top, sum := math.Inf(-1), 0.0
	for _, z := range logits {
		top = math.Max(top, float64(z))
	}
	for _, z := range logits {
		sum += math.Exp(float64(z) - top)
	}
	out := make(scope.Vector, len(logits))
	for i, z := range logits {
		out[i] = float32(math.Exp(float64(z)-top) / sum)
	}
	return out
}
