package session

import "time"

// meter measures tokens a second over the last second or so; during the first,
// since the start.
type meter struct {
	from   time.Time
	tokens int
	rate   float64
}

func newMeter(now time.Time) *meter { return &meter{from: now} }

// add counts tokens just trained on and returns the present rate.
func (m *meter) add(tokens int) float64 {
	m.tokens += tokens
	now := time.Now()
	spent := now.Sub(m.from).Seconds()
	switch {
	case spent >= 1:
		m.rate = float64(m.tokens) / spent
		m.from, m.tokens = now, 0
	case m.rate == 0 && spent > 0:
		return float64(m.tokens) / spent
	}
	return m.rate
}
