package tui

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"rnnscope/core/scope"
	"rnnscope/core/session"
	"rnnscope/tui/words"
	"rnnscope/views"
	"rnnscope/views/picture"
)

// equationView is the cell's equation at the token cursor with the values of the
// unit under the unit cursor, one operation a row. Space advances by one
// operation, and from the last on to the next token.
type equationView struct {
	s     *inspectScreen
	shown int  // operations done
	top   int  // the first row drawn
	high  int  // rows there were room for
	still bool // the rows stay where they were scrolled to
}

// allOperations says that no operation is held back.
const allOperations = 1 << 20

func (v *equationView) name(w *words.Inspect) string { return w.Views[equationAt] }
func (v *equationView) subject() session.Subject     { return session.AtEquation }

// enter does all operations and shows the last of them.
func (v *equationView) enter() tea.Cmd {
	v.shown, v.top, v.still = allOperations, allOperations, true
	return nil
}

// vertical moves the unit cursor; by pages it scrolls the rows, where there are
// more than fit.
func (v *equationView) vertical(by int, page bool) tea.Cmd {
	n := len(v.operations())
	if !page || v.high >= n {
		return v.s.moveUnit(by, page)
	}
	v.top, v.still = max(0, min(n-v.high, v.top+by*max(1, v.high-2))), true
	return nil
}

// act does one operation more.
func (v *equationView) act() tea.Cmd {
	v.still = false
	n := len(v.operations())
	switch {
	case n == 0:
		return nil
	case v.shown == allOperations:
		v.shown = 1
	case v.shown >= n:
		v.shown = 1
		if v.s.token[v.s.sentence]+1 < v.s.reading().Len() {
			return v.s.move(1)
		}
	default:
		v.shown++
	}
	return nil
}

// back takes one operation back.
func (v *equationView) back() tea.Cmd {
	v.shown, v.still = max(0, min(v.shown, len(v.operations()))-1), false
	return nil
}

// equation is that of the token under the cursor, nil while it is under way.
func (v *equationView) equation() *scope.Equation {
	if p := v.s.page; p != nil && p.Equation != nil && p.Point == v.s.at() && p.Equation.Step == v.s.token[v.s.sentence] {
		return p.Equation
	}
	return nil
}

// operations are the terms of the layer that are computed, by index, and those
// of the output after the last layer.
func (v *equationView) operations() []int {
	e := v.equation()
	if e == nil {
		return nil
	}
	var out []int
	for i, t := range e.Terms {
		if t.Op != scope.Given && (t.Layer == v.s.layer || t.Layer == v.s.page.Model.Layers && v.s.layer == t.Layer-1) {
			out = append(out, i)
		}
	}
	return out
}

// entry is which value of a term is shown: that of the unit, or of the likeliest
// token in terms of the output; -1 for terms of another length, such as an
// embedding.
func (v *equationView) entry(e *scope.Equation, term int) int {
	t, s := &e.Terms[term], v.s
	if t.Layer == s.page.Model.Layers {
		if t.Name == "h" {
			return -1
		}
		if best := s.probable(1); len(best) > 0 {
			return best[0]
		}
		return -1
	}
	if len(t.Values) != s.page.Model.Hidden || t.Op == scope.Given && t.Name == "x" {
		return -1
	}
	return s.unit
}

func (v *equationView) draw(c *views.Canvas, area views.Rect) {
	s, w, th := v.s, v.s.words(), v.s.a.theme
	e := v.equation()
	if e == nil {
		c.Text(1, area.Y, w.Wait, th.Dim)
		return
	}
	all := v.operations()
	done := min(v.shown, len(all))
	head := fmt.Sprintf(w.EquationOf, strings.ToUpper(s.page.Model.Cell), s.layer+1, s.page.Model.Layers, s.unit, s.token[s.sentence]+1)
	wide := 0 // of the equations
	for _, i := range all {
		wide = max(wide, views.Width(left(&e.Terms[i])))
	}
	wide = min(wide, area.W/2-1)
	list := views.Rect{X: area.X, Y: area.Y + 1, W: area.W, H: area.H - 1}
	footed := len(all) < list.H // how to read it has rows of its own
	if footed {
		v.drawNotes(c, views.Rect{X: 1, Y: list.Y + len(all), W: area.W - 2, H: list.H - len(all)}, wide)
	}
	v.high = list.H
	if v.shown != allOperations && !v.still {
		v.top = max(done-list.H+min(3, list.H/2), min(v.top, max(0, done-2)))
	}
	v.top = max(0, min(v.top, len(all)-list.H))
	note := fmt.Sprintf(w.Operation, done, len(all))
	if v.top > 0 {
		note += " · " + fmt.Sprintf(w.MoreAbove, thousands(int64(v.top)))
	}
	if below := len(all) - v.top - list.H; below > 0 {
		note += " · " + fmt.Sprintf(w.MoreBelow, thousands(int64(below)))
	}
	x := c.Text(1, area.Y, views.Truncate(head, area.W-views.Width(note)-4), th.Title)
	if notes := v.notes(wide, area.W); !footed && views.Width(notes[0]) <= area.W-views.Width(note)-4-x {
		c.Text(x+2, area.Y, inFull(notes, " · ", area.W-views.Width(note)-4-x), th.Dim)
	}
	c.Text(area.W-views.Width(note)-1, area.Y, note, th.Dim)
	for row := 0; row < list.H && v.top+row < len(all); row++ {
		v.drawRow(c, e, all[v.top+row], list.Y+row, wide, area.W, v.top+row, done)
	}
}

// notes say how to read rows of a width whose equations are so wide, the most
// important first.
func (v *equationView) notes(wide, width int) []string {
	w, H := v.s.words(), v.s.page.Model.Hidden
	notes := []string{w.EquationNote, fmt.Sprintf(w.NamesHere, v.s.inputWeights())}
	switch strip := width - stripAt(wide, width) - 1; {
	case strip < leastStrip:
		return notes
	case strip < H:
		return append([]string{fmt.Sprintf(w.StripShared, (H+strip-1)/strip)}, notes...)
	}
	return append([]string{w.StripNote}, notes...)
}

// drawNotes writes the notes at the bottom of what is left below the rows.
func (v *equationView) drawNotes(c *views.Canvas, area views.Rect, wide int) {
	notes := v.notes(wide, area.W+2)
	text := strings.Join(notes, " · ")
	rows := len(views.Wrap(text, area.W))
	if rows > area.H {
		text, rows = inFull(notes, " · ", area.W), 1
	}
	views.Paragraph(c, views.Rect{X: area.X, Y: area.Y + area.H - rows, W: area.W, H: rows}, text, v.s.a.theme.Dim)
}

// inputWeights are the weights of the input by the names that the equation, like
// rnnscope trace, gives them: PyTorch's, gate by gate.
func (s *inspectScreen) inputWeights() string {
	if s.page.Model.Cell == "rnn" {
		return "W_ih"
	}
	var names []string
	for _, g := range s.page.Gates {
		names = append(names, "W_i"+g)
	}
	return strings.Join(names, " ")
}

// Columns of a row after the equation, which is so wide: the numbers in it, then
// the result, then the strip of colours, where there is room for one.
const leastStrip = 8

func numbersIn(wide, width int) (x, columns int) {
	x = 3 + wide + 2
	return x, min(38, max(0, width-x-13))
}

func stripAt(wide, width int) int {
	x, numbers := numbersIn(wide, width)
	return x + numbers + 1 + 13
}

// left is a term's equation: its name and what it comes from.
func left(t *scope.Term) string {
	if t.Means == t.Name {
		return t.Name
	}
	return t.Name + " = " + t.Means
}

// drawRow is one operation: the equation, the numbers in it, the result, and the
// whole vector as colours.
func (v *equationView) drawRow(c *views.Canvas, e *scope.Equation, term, y, wide, width, at, done int) {
	th, t := v.s.a.theme, &e.Terms[term]
	st, mark := th.Text, " "
	switch {
	case at == done-1 && v.shown != allOperations:
		mark, st = "▸", th.Accent.With(views.Bold)
	case at >= done:
		st = th.Dim
	}
	c.Text(1, y, mark, st)
	c.Text(3, y, views.Pad(left(t), wide, views.Left), st)
	if at >= done {
		return
	}
	entry := v.entry(e, term)
	value := math.NaN()
	if entry >= 0 && entry < len(t.Values) {
		value = float64(t.Values[entry])
	}
	x, numbers := numbersIn(wide, width)
	text := v.numbers(e, term, 3)
	for decimals := 3; decimals > 0 && views.Width(text) > numbers; decimals-- { // closer, then with fewer digits
		text = strings.NewReplacer(" + ", "+", " - ", "-").Replace(v.numbers(e, term, decimals))
	}
	c.Text(x, y, views.Pad(text, numbers, views.Left), th.Dim)
	x += numbers + 1
	result := fmt.Sprintf("%+.5f", value)
	if t.Op == scope.Softmax {
		result = fmt.Sprintf("%.5f", value)
	}
	c.Text(x, y, "= "+result, st.With(views.Bold))
	x = stripAt(wide, width)
	if rest := width - x - 1; rest >= leastStrip {
		least, most := -1.0, 1.0
		if t.Op == scope.Product || t.Op == scope.Sum || t.Op == scope.Softmax {
			most = 1e-9
			for _, f := range t.Values {
				if a := math.Abs(float64(f)); a > most && !math.IsInf(a, 0) {
					most = a
				}
			}
			least = -most
		}
		swatches(c, x, y, rest, t.Values, least, most, th.Diverging, th)
	}
}

// numbers writes a term's right-hand side with the numbers of its operands, rounded
// to so many decimals.
func (v *equationView) numbers(e *scope.Equation, term, decimals int) string {
	w, t := v.s.words(), &e.Terms[term]
	one := func(from int) string {
		if n := v.entry(e, from); n >= 0 && n < len(e.Terms[from].Values) {
			return strconv.FormatFloat(float64(e.Terms[from].Values[n]), 'f', decimals, 32)
		}
		return e.Terms[from].Name
	}
	switch t.Op {
	case scope.Product:
		if t.Layer == v.s.page.Model.Layers {
			return fmt.Sprintf(w.RowOf, visible(v.s.a.live.Text.Token(max(0, v.entry(e, term)))), len(e.Terms[t.From[0]].Values))
		}
		return fmt.Sprintf(w.RowOf, fmt.Sprint(v.s.unit), len(e.Terms[t.From[0]].Values))
	case scope.Sum:
		text := ""
		for i, from := range t.From {
			n := one(from)
			switch {
			case i == 0:
			case strings.HasPrefix(n, "-"):
				n = " - " + n[1:]
			default:
				n = " + " + n
			}
			text += n
		}
		return text
	case scope.Times:
		return one(t.From[0]) + " × " + one(t.From[1])
	case scope.Tanh:
		return "tanh(" + one(t.From[0]) + ")"
	case scope.Relu:
		return "max(0, " + one(t.From[0]) + ")"
	case scope.Sigmoid:
		return "σ(" + one(t.From[0]) + ")"
	case scope.Complement:
		return "1 - " + one(t.From[0])
	case scope.Softmax:
		return "exp(" + one(t.From[0]) + ") / Σ exp"
	}
	return ""
}

func (v *equationView) figure() figure {
	e := v.equation()
	if e == nil {
		return figure{}
	}
	s, w := v.s, v.s.words()
	bars := &picture.Bars{Page: s.pageOf(fmt.Sprintf(w.EquationOf, strings.ToUpper(s.page.Model.Cell), s.layer+1, s.page.Model.Layers, s.unit, s.token[s.sentence]+1)), LabelName: w.Term, ValueName: w.Value}
	for _, i := range v.operations() {
		t := &e.Terms[i]
		if n := v.entry(e, i); n >= 0 && n < len(t.Values) {
			bars.Rows = append(bars.Rows, views.Bar{Label: left(t), Value: float64(t.Values[n]), Note: fmt.Sprintf("%+.5f", t.Values[n])})
		}
	}
	bars.Page.Height = 0
	return figure{"inspect-equation", bars}
}
