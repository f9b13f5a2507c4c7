package session

import (
	"math"
	"testing"
	"time"
)

// Whatever is typed, the ladder's questions are answered, with probabilities
// that are some.
func FuzzTypedText(f *testing.F) {
	for _, text := range []string{"", "the fox", "狗咬人", "\x00\xff", "a\r\nb", "e\u0301🦊", "    "} {
		f.Add(text, "other", 3)
	}
	corpus := text(f, "fables")
	c := tiny()
	s, err := New(c, corpus, nil)
	if err != nil {
		f.Fatal(err)
	}
	l := NewLive(s, nil)
	l.Start(true)
	f.Cleanup(func() { l.Quit(); l.Wait() })
	d := l.Ladder()
	d.Look(true)
	for d.bench.Load().racers == nil {
		time.Sleep(time.Millisecond)
	}
	f.Fuzz(func(t *testing.T, one, two string, order int) {
		if len(one)+len(two) > 400 {
			return
		}
		b := d.bench.Load()
		w := d.workbench(b, one, order, 0.1)
		for _, r := range w.Rows {
			for i, p := range r.P {
				if !(p >= 0 && p <= 1+1e-9) {
					t.Fatalf("%q, order %d: p(%q) is %v by %s", one, order, r.Text, p, w.Columns[i])
				}
			}
		}
		demo := d.windowDemo(b, one, "lstm", order)
		for i := range demo.Tokens {
			if x := demo.Window[i]; !(x >= 0 && x <= 1+1e-9) || i < len(demo.Tokens)-demo.Length && x != 0 {
				t.Fatalf("%q: token %d of %d moves the window model by %v", one, i, len(demo.Tokens), x)
			}
		}
		v := d.compare(b, one, two)
		for i, scores := range v.Scores {
			for m, score := range scores {
				if score.Sum > 0 || math.IsNaN(score.Sum) && score.Scored > 0 {
					t.Fatalf("%q under model %d: ln p %v of %d tokens", v.Sentences[i], m, score.Sum, score.Scored)
				}
			}
		}
	})
}
