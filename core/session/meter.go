package session

import "time"

// meter measures tokens a second over the last second or so; during the first,
// since the start.
type meter struct {
	from   time.Time
	tokens int
	rate   float64
	early  bool // the first second is not over
}

func newMeter(now time.Time) *meter { return &meter{from: now, early: true} }

// pause leaves out the time since then.
func (m *meter) pause(now time.Time) { m.from, m.tokens = now, 0 }

// add counts tokens just trained on and returns the present rate.
func (m *meter) add(tokens int) float64 {
	m.tokens += tokens
	now := time.Now()
	spent := now.Sub(m.from).Seconds()
	switch {
	case spent >= 1:
		m.rate = float64(m.tokens) / spent
		m.from, m.tokens, m.early = now, 0, false
	case m.early && spent > 0:
		m.rate = float64(m.tokens) / spent
	}
	return m.rate
}
