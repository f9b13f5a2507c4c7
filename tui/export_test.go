package tui

import (
	"os"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"rnnscope/core/task"
	"rnnscope/tui/words"
	"rnnscope/views"
	"rnnscope/views/picture"
)

// writtenBy runs what writes pictures and returns its answer.
func writtenBy(t *testing.T, c tea.Cmd) wroteMsg {
	t.Helper()
	m, ok := c().(wroteMsg)
	if !ok || m.err != nil {
		t.Fatalf("%+v, %v", m, m.err)
	}
	return m
}

// A picture names the update that it shows, in its caption and its file: a frozen
// chart's, while training goes on, or a sample's.
func TestPicturesNameWhatTheyShow(t *testing.T) {
	a := shownRun(t, 120, 36, words.English, Dark, views.Options{Profile: views.TrueColor}, 3)
	a.folder = t.TempDir()
	s := a.screens[0].(*trainScreen)
	s.focus = onChart
	a.types("f")
	frozen := a.snap.Update
	newer := *a.snap
	newer.Update += 500
	a.live.Snapshots.Put(&newer)
	a.tick(time.Now())
	if a.snap.Update != frozen+500 {
		t.Fatal("the newer snapshot was not taken")
	}
	sample := a.snap.Samples[len(a.snap.Samples)-1].Update
	for focus, update := range map[int]int64{onChart: frozen, onFilm: sample} {
		s.focus = focus
		var caption string
		switch f := a.shown().pictures()[0].what.(type) {
		case *picture.Chart:
			caption = f.Subtitle
		case *picture.Tokens:
			caption = f.Subtitle
		}
		if want := "update " + thousands(update); !strings.HasSuffix(caption, want) {
			t.Errorf("pane %d: the caption %q should end in %q", focus, caption, want)
		}
		m := writtenBy(t, writeFigure(a))
		if want := strings.ReplaceAll("-u"+thousands(update), ",", ""); !strings.HasSuffix(m.bases[0], want) {
			t.Errorf("pane %d: %q should end in %q", focus, m.bases[0], want)
		}
	}
}

// Two pictures that are written at the same time have two names, and a name is free
// again when nothing came of it.
func TestPicturesWrittenTogether(t *testing.T) {
	a := shownRun(t, 100, 30, words.English, Dark, views.Options{}, 3)
	a.folder = t.TempDir()
	answers := make(chan tea.Msg, 2)
	for range 2 {
		c := writeScreen(a)
		task.Go("picture", func() { answers <- c() })
	}
	files := map[string]bool{}
	for range 2 {
		m := (<-answers).(wroteMsg)
		if a.Update(m); m.err != nil {
			t.Fatal(m.err)
		}
		for _, f := range m.figures[0] {
			files[f] = true
		}
	}
	entries, err := os.ReadDir(a.folder)
	if err != nil || len(files) != 2*len(picture.Formats) || len(entries) != len(files) {
		t.Errorf("%d files are told of, %d are there, %v", len(files), len(entries), err)
	}
	a.folder += "/nowhere"
	failed := writeScreen(a)().(wroteMsg)
	if failed.err == nil {
		t.Fatal("it wrote into a folder that is not there")
	}
	a.Update(failed)
	if again := writeScreen(a)().(wroteMsg); again.bases[0] != failed.bases[0] {
		t.Errorf("after nothing came of %q the name is %q", failed.bases[0], again.bases[0])
	}
}
