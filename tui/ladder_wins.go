package tui

import (
	"fmt"
	"math"
	"strings"

	"rnnscope/core/scope"
	"rnnscope/views"
)

// drawWins shows which tokens A predicts better than B, and the other way round.
func (s *ladderScreen) drawWins(c *views.Canvas, area views.Rect) {
	classes := 15
	if area.H < 30 {
		classes = max(8, area.H-9)
	}
	parts := rows(area, 2, classes, 0)
	s.panes[0].show(c, parts[0], s.drawWinsHead)
	if why := s.incomparable(); why != "" && s.won() == nil {
		s.panes[1].show(c, rows(area, 2, 0)[1], func(c *views.Canvas, r views.Rect) {
			s.sayWhy(c, views.Box{Focused: true}.Draw(c, r, s.a.theme), why)
		})
		return
	}
	half := columns(parts[1], 0, parts[1].W/2)
	s.panes[1].show(c, half[0], func(c *views.Canvas, r views.Rect) {
		s.drawClasses(c, r, s.words().Frequency, func(w *scope.Wins) []scope.WinClass { return w.Frequency }, false)
	})
	s.panes[2].show(c, half[1], func(c *views.Canvas, r views.Rect) {
		s.drawClasses(c, r, s.words().Distance, func(w *scope.Wins) []scope.WinClass { return w.Distance }, true)
	})
	half = columns(parts[2], 0, parts[2].W/2)
	s.panes[3].show(c, half[0], func(c *views.Canvas, r views.Rect) { s.drawExtremes(c, r, true) })
	s.panes[4].show(c, half[1], func(c *views.Canvas, r views.Rect) { s.drawExtremes(c, r, false) })
}

// pairOf are the rungs A and B.
func (s *ladderScreen) pairOf() (a, b scope.Rung) {
	return s.now.Rungs[s.rungs.marked], s.now.Rungs[s.wins.other]
}

// won is the answer for the two rungs, nil while there is none.
func (s *ladderScreen) won() *scope.Wins {
	if v := s.wins.answer; v != nil && v.A == s.rungs.marked && v.B == s.wins.other {
		return v
	}
	return nil
}

// incomparable says why the two rungs cannot be compared, and what can be done about
// it; "" where both have been scored.
func (s *ladderScreen) incomparable() string {
	w := s.words()
	var names []string
	network := false
	for _, i := range []int{s.rungs.marked, s.wins.other} {
		if r := s.now.Rungs[i]; math.IsNaN(r.Loss) {
			names = append(names, s.rungName(r))
			network = network || r.Kind == scope.WindowRung || r.Kind == scope.NetworkRung
		}
	}
	if len(names) == 0 {
		return ""
	}
	why := w.WinsWait
	switch {
	case network && s.now.Phase == scope.LadderOver:
		why = w.WinsOver
	case network && s.now.Phase != scope.LadderTraining:
		why = w.NoWins
	}
	key := s.a.keyName
	return fmt.Sprintf(why, strings.Join(names, ", ")) + "\n" + fmt.Sprintf(w.WinsOthers, key("["), key("]"), key("left"), key("right"))
}

func (s *ladderScreen) drawWinsHead(c *views.Canvas, area views.Rect) {
	w, th := s.words(), s.a.theme
	a, b := s.pairOf()
	c.Text(area.X+1, area.Y, views.Truncate(fmt.Sprintf(w.WinsTitle, s.rungName(a), s.rungName(b)), area.W-2), th.Title)
	v := s.won()
	if v == nil {
		return
	}
	who, st := s.rungName(a), s.rungStyle(a)
	if v.Mean < 0 {
		who, st = s.rungName(b), s.rungStyle(b)
	}
	x := c.Text(area.X+1, area.Y+1, fmt.Sprintf(w.Mean, fmt.Sprintf("%.3f", math.Abs(v.Mean)), who), st)
	for _, z := range []struct {
		n int
		r scope.Rung
	}{{v.ZeroA, a}, {v.ZeroB, b}} {
		if z.n > 0 {
			x = c.Text(x+2, area.Y+1, views.Truncate(fmt.Sprintf(w.ZeroTokens, thousands(int64(z.n)), s.rungName(z.r)), max(0, area.X+area.W-x-3)), th.Bad)
		}
	}
}

// classLabel names a class by its bounds.
func (s *ladderScreen) classLabel(k scope.WinClass) string {
	switch {
	case k.From < 0:
		return s.words().Never
	case k.To < 0:
		return thousands(k.From) + "+"
	case k.From == k.To:
		return thousands(k.From)
	}
	return short2(k.From) + "–" + short2(k.To)
}

// short2 writes the bound of a class.
func short2(n int64) string {
	if n >= 9999 {
		return fmt.Sprintf("%dk", (n+1)/1000)
	}
	return thousands(n)
}

// winBars are the bars of classes that have tokens.
func (s *ladderScreen) winBars(classes []scope.WinClass) []views.Bar {
	a, b := s.pairOf()
	var out []views.Bar
	for _, k := range classes {
		if k.Tokens == 0 {
			continue
		}
		st := s.rungStyle(a)
		if k.Mean < 0 {
			st = s.rungStyle(b)
		}
		out = append(out, views.Bar{Label: s.classLabel(k), Value: k.Mean, Note: fmt.Sprintf("%+.3f %7s", k.Mean, thousands(int64(k.Tokens))), Style: st})
	}
	return out
}

func (s *ladderScreen) drawClasses(c *views.Canvas, area views.Rect, title string, of func(*scope.Wins) []scope.WinClass, units bool) {
	w, th, v := s.words(), s.a.theme, s.won()
	note := ""
	if units && area.W > 70 {
		note = w.Units
	}
	in := views.Box{Title: title, Note: note}.Draw(c, area, th)
	if v == nil {
		return
	}
	views.Bars{Rows: s.winBars(of(v)), LabelWidth: 13}.Draw(c, in, th)
}

// drawExtremes lists the tokens of the largest differences, in their context.
func (s *ladderScreen) drawExtremes(c *views.Canvas, area views.Rect, forA bool) {
	w, th, v := s.words(), s.a.theme, s.won()
	a, b := s.pairOf()
	rung := a
	if !forA {
		rung = b
	}
	in := views.Box{Title: fmt.Sprintf(w.For, s.rungName(rung)), Focused: true}.Draw(c, area, th)
	if v == nil {
		return
	}
	list := v.ForA
	if !forA {
		list = v.ForB
	}
	s.wins.first = max(0, min(s.wins.first, len(list)-1))
	each := 1
	if len(list) > 0 {
		each = max(1, min(3, in.H/len(list)))
	}
	for n, t := range list[min(s.wins.first, len(list)):] {
		y := in.Y + n*each
		if y >= in.Y+in.H {
			break
		}
		figure := fmt.Sprintf("%+5.1f ", t.A-t.B)
		x := c.Text(in.X, y, figure, s.rungStyle(rung).With(views.Bold))
		token := visible(t.Token.Text)
		after := min(16, (in.X+in.W-x)/4)
		room := max(0, in.X+in.W-x-after-views.Width(token)-2)
		before := []rune(inLine.Replace(t.Before))
		for views.Width(string(before)) > room {
			before = before[1:]
		}
		x = c.Text(x, y, views.Pad(string(before), room, views.Right), th.Dim)
		x = c.Text(x, y, " "+token+" ", th.Cursor)
		c.Text(x, y, views.Truncate(inLine.Replace(t.After), max(0, in.X+in.W-x)), th.Dim)
		if each > 1 && y+1 < in.Y+in.H {
			odds := fmt.Sprintf("ln p %.2f : %.2f   ", t.A, t.B)
			c.Text(in.X+len(figure), y+1, odds+s.seenBefore(t, in.W-len(figure)-len(odds)), th.Frame)
		}
	}
}

// seenBefore says how often a token was learned from and when it last stood there.
func (s *ladderScreen) seenBefore(t scope.WinToken, room int) string {
	w, count, last := s.words(), thousands(t.Count), thousands(int64(t.Distance))
	if t.Distance < 0 {
		return fitting(room, fmt.Sprintf(w.TokenNew, count), fmt.Sprintf(w.TokenNewShort, count))
	}
	return fitting(room, fmt.Sprintf(w.TokenLine, count, last), fmt.Sprintf(w.TokenShort, count, last))
}

// inLine writes line ends and tabs as signs.
var inLine = strings.NewReplacer("\n", "↵", "\t", "⇥")
