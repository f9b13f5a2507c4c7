package tui

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"rnnscope/core/rnn"
	"rnnscope/core/scope"
	"rnnscope/core/session"
	"rnnscope/corpora"
	"rnnscope/tui/words"
	"rnnscope/views"
	"rnnscope/views/picture"
)

var (
	record = flag.Bool("record", false, "train for about a minute and record the run that the pictures show")
	update = flag.Bool("update", false, "draw the pictures of the recorded run anew")
)

// The recorded run: a model of modest size on the built-in fables.
const (
	recordedUpdates = 700
	recordedFile    = "testdata/run.json"
)

func recordedConfig() session.Config {
	c := session.Defaults()
	c.Model = rnn.Config{Cell: "lstm", Embed: 64, Hidden: 128, Layers: 1}
	c.Train.Dropout, c.Threads = 0, 2
	return c
}

// recording is what a run left behind: a snapshot, a text it wrote, and texts at
// several temperatures.
type recording struct {
	Snapshot *scope.Snapshot
	Page     *scope.Page
	Columns  *scope.Page
}

// TestRecord records a real run for the pictures below; only when asked to.
func TestRecord(t *testing.T) {
	if !*record {
		t.Skip("records a run only with -record")
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
	var r recording
	for r.Snapshot == nil || r.Snapshot.Phase != scope.Finished || len(r.Snapshot.Samples) == 0 || r.Snapshot.Samples[len(r.Snapshot.Samples)-1].Likeness == nil {
		if got := l.Snapshots.Take(); got != nil {
			r.Snapshot = got
		}
		time.Sleep(10 * time.Millisecond)
	}
	a := l.NewAuthor()
	defer a.Close()
	<-a.Begin("", 11)
	for range 420 {
		r.Page = <-a.One()
	}
	<-a.Begin("", 11)
	<-a.Compare(true)
	for range 260 {
		r.Columns = <-a.One()
	}
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(recordedFile, text, 0o666); err != nil {
		t.Fatal(err)
	}
}

// recorded reads the recording.
func recorded(t testing.TB) recording {
	t.Helper()
	text, err := os.ReadFile(recordedFile)
	if err != nil {
		t.Fatal(err)
	}
	var r recording
	if err := json.Unmarshal(text, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// shownRun is an App of a size that shows the recorded run.
func shownRun(t testing.TB, w, h int, lang words.Lang, background Background, o views.Options, ticks int) *App {
	t.Helper()
	a := New(Config{Live: unstarted(t, recordedConfig(), corpora.Default), Lang: lang, Theme: background, Options: o})
	a.Update(tea.WindowSizeMsg{Width: w, Height: h})
	a.View() // lays the panes out
	r := recorded(t)
	r.Snapshot.Phase = scope.Training
	now := time.Unix(1e9, 0)
	for i := range ticks {
		if i == 0 {
			a.live.Snapshots.Put(r.Snapshot)
		}
		a.tick(now.Add(time.Duration(i) * time.Second))
		a.View()
	}
	return a
}

// page shows a recorded text on screen 4.
func (a *App) showPage(p *scope.Page) *sampleScreen {
	a.open(tabIndex("sample"))
	s := a.screenOf("sample").(*sampleScreen)
	s.temperature, s.topP = p.Temperature, 1
	s.compare = len(p.Columns) > 0
	s.turn(p)
	return s
}

func tabIndex(name string) int {
	for i, t := range tabs() {
		if t.name == name {
			return i
		}
	}
	panic("no tab " + name)
}

// The pictures of the README are drawn from the recorded run by the program
// itself. A change of what they show is a change of these files:
//
//	go test ./tui -run TestPictures -update
func TestPictures(t *testing.T) {
	for _, p := range []struct {
		name string
		lang words.Lang
		back Background
		show func(a *App, r recording)
	}{
		{"train", words.English, Dark, func(a *App, r recording) {}},
		{"train-zh", words.Chinese, Dark, func(a *App, r recording) {}},
		{"train-light", words.English, Light, func(a *App, r recording) {}},
		{"sample", words.English, Dark, func(a *App, r recording) { a.showPage(r.Page) }},
		{"sample-zh", words.Chinese, Dark, func(a *App, r recording) { a.showPage(r.Page) }},
		{"temperatures", words.English, Dark, func(a *App, r recording) { a.showPage(r.Columns) }},
		{"corpus", words.English, Dark, func(a *App, r recording) {
			a.open(tabIndex("corpus"))
			s := a.screenOf("corpus").(*corpusScreen)
			s.measures = a.live.Text.Measure(func() bool { return false })
		}},
		{"help", words.English, Dark, func(a *App, r recording) { a.overlay = newHelp(a) }},
	} {
		a := shownRun(t, 120, 36, p.lang, p.back, views.Options{}, 60)
		p.show(a, recorded(t))
		a.stale, a.chrome.stale = true, true
		var got bytes.Buffer
		screen := &picture.Screen{Page: picture.Page{Title: "rnnscope", Description: a.caption(), Theme: a.theme}, Canvas: a.wholeCanvas(), Window: true}
		if err := screen.WriteSVG(&got); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join("testdata", p.name+".svg")
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
			t.Errorf("%s is no longer what the program draws; if it should not be, go test ./tui -run TestPictures -update", path)
		}
	}
}

// At every size, in every kind of terminal and language, every row of a screen
// is as wide as the terminal at most and no box is broken.
func TestFramesFit(t *testing.T) {
	if testing.Short() {
		t.Skip("many frames")
	}
	r := recorded(t)
	for _, size := range [][2]int{{60, 16}, {80, 24}, {100, 30}, {120, 36}, {160, 48}, {200, 60}, {300, 100}} {
		for _, o := range []views.Options{{}, {Profile: views.ANSI256}, {Profile: views.ANSI16}, {Profile: views.NoColor}, {Profile: views.NoColor, ASCII: true}} {
			for _, lang := range words.Langs() {
				a := shownRun(t, size[0], size[1], lang, Dark, o, 3)
				for i := range tabs() {
					a.open(i)
					if i == tabIndex("sample") {
						a.showPage(r.Page)
					}
					a.stale = true
					frame := a.View().Content
					lines := strings.Split(frame, "\n")
					if len(lines) != size[1] {
						t.Errorf("%v, tab %d: %d rows", size, i, len(lines))
					}
					for y, line := range lines {
						if w := width(line); w > size[0] {
							t.Errorf("%v %v %s, tab %d: row %d is %d wide: %q", size, o, lang, i, y, w, line)
						}
					}
					if o.Profile == views.NoColor && (strings.Contains(frame, "\x1b[38") || strings.Contains(frame, "\x1b[48") || strings.Contains(frame, "[3"+"1m")) {
						t.Errorf("%v, tab %d: colours without colour", size, i)
					}
				}
			}
		}
	}
}
