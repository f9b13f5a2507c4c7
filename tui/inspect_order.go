package tui

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"rnnscope/core/scope"
	"rnnscope/views"
)

// inspectCache keeps what is made of the traces of an inspection until there
// are others.
type inspectCache struct {
	traces      [2]*scope.Trace // that all this is of
	least, most int
	tabs        []span
	maps        map[mapKey][]float32
	order       []int
	orderKey    orderKey
	labels      []string
	next        []int // ids, the most probable first
	nextOf      *scope.Step
}

type mapKey struct {
	trace    *scope.Trace
	layer    int
	quantity scope.Quantity
}

type orderKey struct {
	trace    *scope.Trace
	order    int
	layer    int
	quantity scope.Quantity
	at       scope.Point
}

// forget begins anew with other traces.
func (c *inspectCache) forget(page *scope.Inspection) {
	traces := [2]*scope.Trace{page.Sentences[0].Trace, page.Sentences[1].Trace}
	if c.traces == traces {
		return
	}
	tabs, labels := c.tabs, c.labels
	*c = inspectCache{traces: traces, tabs: tabs, labels: labels}
}

// quantities are what can be shown of the layer.
func (s *inspectScreen) quantities() []scope.Quantity {
	if s.page == nil || s.page.Sentences[s.sentence].Trace == nil {
		return nil
	}
	return s.reading().Trace.Quantities(s.page.Gates)
}

// at0 is the quantity that is shown; "" for none.
func (s *inspectScreen) at0() scope.Quantity {
	if all := s.quantities(); len(all) > 0 {
		return all[min(s.quantity, len(all)-1)]
	}
	return ""
}

// symbol writes a quantity as the equations do.
func symbol(q scope.Quantity) string {
	if q == scope.DeltaH {
		return "Δh"
	}
	return string(q)
}

// value is the quantity at the token cursor of a unit, NaN where there is none.
func (s *inspectScreen) value(unit int) float64 {
	v := s.reading().Trace.Values(s.token[s.sentence], s.layer, s.at0())
	if unit >= len(v) {
		return math.NaN()
	}
	return float64(v[unit])
}

// data is a quantity of the layer through a trace, [T·H].
func (s *inspectScreen) data(t *scope.Trace, q scope.Quantity) []float32 {
	s.cache.forget(s.page)
	key := mapKey{t, s.layer, q}
	if v, ok := s.cache.maps[key]; ok {
		return v
	}
	if s.cache.maps == nil || len(s.cache.maps) > 12 { // a map is as large as a trace's part
		s.cache.maps = map[mapKey][]float32{}
	}
	v := t.Map(s.layer, q)
	s.cache.maps[key] = v
	return v
}

func (s *inspectScreen) otherQuantity(by int) tea.Cmd {
	n := len(s.quantities())
	if n == 0 {
		return nil
	}
	s.quantity = ((s.quantity+by)%n + n) % n
	s.restyle()
	return s.arrange()
}

func (s *inspectScreen) otherLayer() tea.Cmd {
	if s.page == nil {
		return nil
	}
	s.layer = (s.layer + 1) % s.page.Model.Layers
	s.restyle()
	return s.arrange()
}

// The orders of units.
const (
	byIndex = iota
	byValue
	byVariance
	bySimilarity
	byFeature
	orders
)

func (s *inspectScreen) otherOrder() tea.Cmd {
	s.order = (s.order + 1) % orders
	s.restyle()
	return s.arrange()
}

// otherFeature orders by the next feature of the sentence.
func (s *inspectScreen) otherFeature() tea.Cmd {
	s.order = byFeature
	if s.page != nil && s.page.Arranged != nil {
		if all := s.page.Arranged.Features; len(all) > 0 {
			s.feature = all[(slices.Index(all, s.feature)+1)%len(all)]
		}
	}
	s.restyle()
	return s.arrange()
}

// arrange asks for the orders that take some computing.
func (s *inspectScreen) arrange() tea.Cmd {
	if s.page == nil {
		return nil
	}
	if s.order < bySimilarity {
		return s.wait(s.inspector.Arrange(nil))
	}
	a := scope.Arrangement{Sentence: s.sentence, Layer: s.layer, Quantity: s.at0()}
	if s.order == byFeature {
		if a.Feature = s.feature; a.Feature == "" {
			a.Feature = "position in word"
		}
	}
	return s.wait(s.inspector.Arrange(&a))
}

// arranged is the answer to the order asked for, nil while there is none.
func (s *inspectScreen) arranged() *scope.Arranged {
	a := s.page.Arranged
	if a == nil || s.order < bySimilarity || a.Layer != s.layer || a.Quantity != s.at0() || a.Sentence != s.sentence || (a.Feature == "") != (s.order == bySimilarity) {
		return nil
	}
	return a
}

// ordered is the units in the order asked for.
func (s *inspectScreen) ordered() []int {
	if s.page == nil || s.reading().Len() == 0 {
		return nil
	}
	s.cache.forget(s.page)
	if a := s.arranged(); a != nil && a.Order != nil {
		return a.Order
	}
	q := s.at0()
	key := orderKey{s.reading().Trace, s.order, s.layer, q, scope.Point{}}
	if s.order == byValue {
		key.at = s.at()
	}
	if s.cache.order != nil && s.cache.orderKey == key {
		return s.cache.order
	}
	H := s.page.Model.Hidden
	order := make([]int, H)
	for u := range order {
		order[u] = u
	}
	score := make([]float64, H)
	switch s.order {
	case byValue:
		for u, v := range s.reading().Trace.Values(s.token[s.sentence], s.layer, q) {
			score[u] = float64(v)
		}
	case byVariance:
		values := s.data(s.reading().Trace, q)
		T := float64(len(values) / H)
		for u := range H {
			sum, square := 0.0, 0.0
			for i := u; i < len(values); i += H {
				v := float64(values[i])
				sum += v
				square += v * v
			}
			score[u] = square/T - sum/T*sum/T
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(score[b], score[a]) })
	s.cache.order, s.cache.orderKey = order, key
	return order
}

// orderName says how units are ordered.
func (s *inspectScreen) orderName() string {
	w := s.words()
	name := w.Orders[s.order]
	if s.order == byFeature {
		feature := s.feature
		if a := s.arranged(); a != nil {
			feature = a.Feature
			if len(a.Features) == 0 {
				return w.NoFeature
			}
			if s.unit < len(a.Correlations) {
				return fmt.Sprintf(name, s.featureName(feature)) + fmt.Sprintf(" r=%+.2f", a.Correlations[s.unit])
			}
		}
		return fmt.Sprintf(name, s.featureName(feature))
	}
	return name
}

// quoted is a token of a sentence between quotation marks.
func (s *inspectScreen) quoted(at scope.Point) string {
	if p := &s.page.Sentences[at.Sentence]; at.Token < p.Len() {
		return quote(p.Pieces[at.Token])
	}
	return ""
}

// featureName is what a feature of the text is called.
func (s *inspectScreen) featureName(name string) string {
	if n, ok := s.words().Features[name]; ok {
		return n
	}
	return name
}

// unitLabels are the numbers of units, in the width of the gutter.
func (s *inspectScreen) unitLabels() []string {
	H := s.page.Model.Hidden
	if len(s.cache.labels) != H {
		s.cache.labels = make([]string, H)
		for u := range H {
			n := fmt.Sprint(u)
			s.cache.labels[u] = strings.Repeat(" ", max(0, inspectGutter-1-len(n))) + n
		}
	}
	return s.cache.labels
}

// scaleOf is the ends of a quantity's scale and its palette; equal ends are a
// local scale.
func (s *inspectScreen) scaleOf(q scope.Quantity) (least, most float64, palette *views.Palette) {
	palette = s.a.theme.Diverging
	if !q.Signed(s.page.Model.Activation) {
		palette = s.a.theme.Sequential
	}
	if n := s.a.governor.colors(); n > 0 {
		palette = palette.Quantised(n)
	}
	if least, most = q.Range(s.page.Model.Activation); !s.global {
		least, most = 0, 0
	}
	return least, most, palette
}

// heatWords are the words of a heatmap's legend.
func (a *App) heatWords() views.HeatmapWords {
	h := a.words.Heat
	return views.HeatmapWords{Local: h.Local, Global: h.Global, Units: h.Units, Steps: h.Steps, NotFinite: h.NotFinite, Beyond: h.Beyond}
}

// probable is the ids of the n likeliest next tokens after the cursor.
func (s *inspectScreen) probable(n int) []int {
	s.cache.forget(s.page)
	step := s.step()
	if s.cache.nextOf == step && len(s.cache.next) >= min(n, len(step.P)) {
		return s.cache.next[:min(n, len(s.cache.next))]
	}
	s.cache.next, s.cache.nextOf = mostProbable(step.P, max(n, 24)), step
	return s.cache.next[:min(n, len(s.cache.next))]
}

// mostProbable is the places of the n largest values, largest first.
func mostProbable(p []float32, n int) []int {
	var best []int
	for id, v := range p {
		if len(best) == n && !(v > p[best[n-1]]) {
			continue
		}
		at := len(best)
		for at > 0 && v > p[best[at-1]] {
			at--
		}
		best = slices.Insert(best, at, id)
		if len(best) > n {
			best = best[:n]
		}
	}
	return best
}
