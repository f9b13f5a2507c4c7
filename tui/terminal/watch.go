//go:build unix

package terminal

import (
	"errors"
	"fmt"
	"time"
)

// watch is somebody who waits for something to stand on the screen.
type watch struct {
	is    func(*Screen) bool
	found chan time.Time // has room for one
}

// look tells those who wait for what stands there now. It is called with the
// lock held.
func (t *Terminal) look(now time.Time) {
	s := Screen{t.emulator, t.modes}
	rest := t.watches[:0]
	for _, w := range t.watches {
		if w.is(&s) {
			w.found <- now
		} else {
			rest = append(rest, w)
		}
	}
	t.watches = rest
}

// watch begins to wait. It fails when there is nothing to wait for, unless that
// is allowed.
func (t *Terminal) watch(is func(*Screen) bool, already bool) (*watch, error) {
	w := &watch{is, make(chan time.Time, 1)}
	t.mu.Lock()
	defer t.mu.Unlock()
	if s := (Screen{t.emulator, t.modes}); is(&s) {
		if !already {
			return nil, errors.New("it stands on the screen before it was asked for")
		}
		w.found <- time.Now()
		return w, nil
	}
	t.watches = append(t.watches, w)
	return w, nil
}

// forget ends a wait that came to nothing.
func (t *Terminal) forget(w *watch) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := range t.watches {
		if t.watches[i] == w {
			t.watches = append(t.watches[:i], t.watches[i+1:]...)
			return
		}
	}
}

// result waits for the end of a wait.
func (t *Terminal) result(w *watch, timeout time.Duration) (time.Time, error) {
	late := time.NewTimer(timeout)
	defer late.Stop()
	var why string
	select {
	case at := <-w.found:
		return at, nil
	case <-t.drained:
		select {
		case at := <-w.found:
			return at, nil
		default:
		}
		why = "the program ended"
	case <-late.C:
		why = fmt.Sprintf("nothing of the kind within %v", timeout)
	}
	t.forget(w)
	return time.Time{}, fmt.Errorf("%s; the screen:\n%s", why, t.Text())
}

// Await returns when something stands on the screen, and since when; at once
// if it does already.
func (t *Terminal) Await(timeout time.Duration, is func(*Screen) bool) (time.Time, error) {
	w, err := t.watch(is, true)
	if err != nil {
		return time.Time{}, err
	}
	return t.result(w, timeout)
}

// Latency does something, such as pressing a key, and returns how long it took
// until what it is for stood on the screen: from before it was done to after
// the output that shows it was. What is there already cannot be measured.
func (t *Terminal) Latency(timeout time.Duration, do func() error, is func(*Screen) bool) (time.Duration, error) {
	w, err := t.watch(is, false)
	if err != nil {
		return 0, err
	}
	began := time.Now()
	if err := do(); err != nil {
		t.forget(w)
		return 0, err
	}
	at, err := t.result(w, timeout)
	return at.Sub(began), err
}

// Quiet returns when no output has come for some time, and whether that was
// within the timeout.
func (t *Terminal) Quiet(silence, timeout time.Duration) bool {
	late := time.Now().Add(timeout)
	for {
		t.mu.Lock()
		rest := silence - time.Since(t.last)
		t.mu.Unlock()
		if rest <= 0 {
			return true
		}
		if time.Now().Add(rest).After(late) {
			return false
		}
		time.Sleep(rest)
	}
}

// See hands the screen as it is now to somebody.
func (t *Terminal) See(look func(*Screen)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	look(&Screen{t.emulator, t.modes})
}

// Text is what stands on the screen now.
func (t *Terminal) Text() (text string) {
	t.See(func(s *Screen) { text = s.Text() })
	return text
}
