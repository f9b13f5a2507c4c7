package tui

import (
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"rnnscope/core/scope"
	"rnnscope/core/session"
	"rnnscope/corpora"
	"rnnscope/tui/words"
	"rnnscope/views"
)

// explore prepares an exploration of the fables that has not been started.
func explore(t testing.TB, hidden int) *session.Live {
	t.Helper()
	c := session.Defaults()
	c.Model.Embed, c.Model.Hidden, c.Model.Layers, c.Model.Dropout = 16, hidden, 1, 0
	c.Train.Dropout = 0
	c.Batch, c.Window, c.Threads, c.EvalEvery = 4, 32, 1, 50
	return session.NewLive(sessionOn(t, "fables", corpora.Options{}, c), nil)
}

// takenFrom trains a real model and returns snapshots of it.
func takenFrom(t testing.TB, hidden, n int) []*scope.Snapshot {
	t.Helper()
	live := explore(t, hidden)
	live.Start(false)
	var all []*scope.Snapshot
	var last int64
	for len(all) < n {
		// The first hundred updates have no sample yet.
		if s := live.Snapshots.Take(); s != nil && s.Update > last && s.Update > 120 {
			all, last = append(all, s), s.Update
		}
		runtime.Gosched()
	}
	live.Quit()
	live.Wait()
	return all
}

// The size that the budgets are for.
const wide, high = 200, 60

// shown is an App that shows an exploration at a size.
func shown(live *session.Live, width, height int) *App {
	a := New(Config{Live: live, Lang: words.English, Options: views.Options{Profile: views.TrueColor}, Theme: Dark})
	a.Update(tea.WindowSizeMsg{Width: width, Height: height})
	return a
}

// pages are what an author shows who writes one token after another.
func pages(t *testing.T, live *session.Live, n int) []*scope.Page {
	t.Helper()
	author := live.NewAuthor()
	defer author.Close()
	var all []*scope.Page
	for range n {
		all = append(all, <-author.One())
	}
	return all
}

// numbered is a page that is shown again as the newest.
func numbered(p *scope.Page, seq uint64) pageMsg {
	again := *p
	again.Seq = seq
	return pageMsg{&again}
}

// An hour in front of the screen takes no more memory than ten minutes: all its
// ticks a second with a new snapshot each, every one drawn, on both screens
// that move.
func TestAnHourTakesNoMemory(t *testing.T) {
	snapshots := takenFrom(t, 24, 40)
	hour := time.Hour
	if testing.Short() {
		hour = 20 * time.Minute
	}
	synctest.Test(t, func(t *testing.T) {
		live := explore(t, 24)
		live.Start(true)
		texts := pages(t, live, 60)
		a := shown(live, 80, 24)
		tab, seq := 0, texts[len(texts)-1].Seq
		heap := func() uint64 {
			runtime.GC()
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			return m.HeapAlloc
		}
		var early uint64
		began := time.Now()
		frames := 0
		for tick := 0; time.Since(began) < hour; tick++ {
			time.Sleep(a.governor.interval(a.shown().tab().frame))
			s := *snapshots[tick%len(snapshots)]
			s.Update, s.Elapsed = int64(tick+121), time.Since(began)
			live.Snapshots.Put(&s)
			a.Update(frameMsg(time.Now()))
			if tick%300 == 0 { // another screen about every twenty seconds
				tab = (tab + 1) % len(tabs())
				a.Update(tea.KeyPressMsg{Code: rune(tabs()[tab].key[0]), Text: tabs()[tab].key})
			}
			if tick%4 == 0 {
				seq++
				a.Update(numbered(texts[tick/4%len(texts)], seq))
			}
			before := a.frame
			if a.View(); a.frame != before {
				frames++
			}
			if early == 0 && time.Since(began) >= hour/6 && a.at == 0 {
				early = heap()
			}
		}
		if frames < int(hour/time.Second) {
			t.Errorf("only %d frames were drawn", frames)
		}
		for a.at != 0 {
			a.Update(tea.KeyPressMsg{Code: '1', Text: "1"})
			a.View()
		}
		if late := heap(); late > early+heapGrowth {
			t.Errorf("the heap grew from %d to %d bytes between the sixth of the time and its end", early, late)
		} else {
			t.Logf("%d frames; heap %d bytes after a sixth of the time, %d at the end", frames, early, late)
		}
		runtime.KeepAlive(texts)
		runtime.KeepAlive(snapshots)
		live.Quit()
		live.Wait()
	})
}

// heapGrowth is what the heap may grow within the last five sixths of an hour:
// what garbage collections at slightly different places leave, far below the
// 45,000 frames' 20 kB each.
const heapGrowth = 256 << 10

// What a tick and the frame after it may allocate: a tenth above what was
// measured.
var allocations = map[string]float64{"train": 880, "sample": 900}

func TestAllocationsOfAFrame(t *testing.T) {
	snapshots := takenFrom(t, 128, 60)
	live := explore(t, 128)
	live.Start(true)
	defer func() { live.Quit(); live.Wait() }()
	texts := pages(t, live, 400)
	a := shown(live, wide, high)
	now := time.Now()
	tick := 0
	frame := func() {
		tick++
		now = now.Add(time.Second / 15)
		s := *snapshots[tick%len(snapshots)]
		s.Update += int64(tick)
		live.Snapshots.Put(&s)
		a.Update(frameMsg(now))
		if a.at == tabIndex("sample") {
			a.Update(numbered(texts[200+tick%200], uint64(1000+tick)))
		}
		if !a.stale {
			t.Fatal("the frame has nothing new")
		}
		a.View()
	}
	for _, screen := range []string{"train", "sample"} {
		a.open(tabIndex(screen))
		for range 30 {
			frame() // buffers find their size
		}
		got := testing.AllocsPerRun(90, frame)
		t.Logf("%s: %.0f allocations a frame", screen, got)
		if most := allocations[screen]; got > most {
			t.Errorf("%s: %.0f allocations a frame, expected %.0f at most", screen, got, most)
		}
	}
}

// At a width where the speed has no room when it is long, it does not come back
// whenever it is shorter; the model gives way after it.
func TestTopLineIsSteady(t *testing.T) {
	a := shown(explore(t, 12), 120, 24)
	update := int64(9_990)
	shows := func(rate float64) bool {
		update++
		text := textAfter(a, &scope.Snapshot{Run: 1, Phase: scope.Training, Shape: tinyShape, Update: update, Epoch: 10, Rate: rate})
		line, _, _ := strings.Cut(text, "\n")
		if !strings.Contains(line, "RNN 1×12") {
			t.Errorf("no model in %q", line)
		}
		return strings.Contains(line, "tok/s")
	}
	width := 120
	for shows(90) {
		width--
		a.Update(tea.WindowSizeMsg{Width: width, Height: 24})
	}
	a.Update(tea.WindowSizeMsg{Width: width + 1, Height: 24}) // just enough
	if first, long, again := shows(90), shows(123_456), shows(90); !first || long || again {
		t.Errorf("the speed is shown at first: %v, when it is long: %v, after that: %v", first, long, again)
	}
}
