package tui

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"rnnscope/core/scope"
	"rnnscope/views"
	"rnnscope/views/picture"
)

// pictures are what the present view shows: the rungs and the race, both kinds of
// classes, next tokens under two smoothings, the weights of the slots, the
// verdict.
func (s *ladderScreen) pictures() []figure {
	if s.now == nil {
		return nil
	}
	switch s.view {
	case onRungs:
		return s.rungPictures()
	case onWins:
		return s.winPictures()
	case onBench:
		return s.benchPictures()
	case onWindow:
		return s.windowPictures()
	}
	return s.verdictPictures()
}

// bars is a picture of bars as high as its rows need.
func (s *ladderScreen) bars(title, label, value, ghost string, list []views.Bar) *picture.Bars {
	page := s.a.page(title)
	page.Height = 0
	return &picture.Bars{Page: page, LabelName: label, ValueName: value, GhostName: ghost, Rows: list}
}

func (s *ladderScreen) rungPictures() []figure {
	w := s.words()
	var list []views.Bar
	for _, i := range s.shownRungs() {
		if r := s.now.Rungs[i]; !math.IsNaN(r.Loss) && !math.IsInf(r.Loss, 1) {
			list = append(list, views.Bar{Label: s.rungName(r), Value: math.Exp(r.Loss), Note: pplText(math.Exp(r.Loss))})
		}
	}
	if len(list) == 0 {
		return nil
	}
	if ppl, ok := s.mainPerplexity(); ok {
		at := slices.IndexFunc(list, func(b views.Bar) bool { return b.Value > ppl })
		if at < 0 {
			at = len(list)
		}
		list = slices.Insert(list, at, views.Bar{Label: s.mainName(), Value: ppl, Note: pplText(ppl)})
	}
	out := []figure{{"ladder", s.bars(w.Dial, w.Columns[0], w.Columns[1], "", list)}}
	if s.now.Updates > 0 {
		chart := &picture.Chart{Page: s.a.page(w.Race), X: views.Axis{Name: s.a.words.Train.AxisUpdate, Whole: true}, Y: views.Axis{Name: w.Race}}
		chart.Series, chart.References = s.raceChart()
		out = append(out, figure{"race", chart})
	}
	return out
}

func (s *ladderScreen) winPictures() []figure {
	w, v := s.words(), s.wins.answer
	if v == nil {
		return nil
	}
	one, two := s.pairOf()
	title := fmt.Sprintf(w.WinsTitle, s.rungName(one), s.rungName(two))
	return []figure{
		{"wins-count", s.bars(title, w.Frequency, w.Units, "", s.winBars(v.Frequency))},
		{"wins-distance", s.bars(title, w.Distance, w.Units, "", s.winBars(v.Distance))},
	}
}

func (s *ladderScreen) benchPictures() []figure {
	w, b := s.words(), s.bench.answer
	if b == nil || len(b.Rows) == 0 {
		return nil
	}
	last := len(b.Columns) - 1
	var list []views.Bar
	for _, r := range b.Rows[:min(24, len(b.Rows))] {
		list = append(list, views.Bar{Label: visible(r.Text), Value: r.P[last], Ghost: r.P[0], Note: pText(r.P[last])})
	}
	// All tokens and smoothings, in full: the probabilities of each sum to 1.
	head := []string{w.Next, w.Seen}
	for _, name := range b.Columns {
		head = append(head, s.columnName(name))
	}
	table := [][]string{head}
	for _, r := range b.Rows {
		row := []string{r.Text, strconv.FormatInt(r.Count, 10)}
		for _, p := range r.P {
			row = append(row, strconv.FormatFloat(p, 'g', -1, 64))
		}
		table = append(table, row)
	}
	bars := s.bars(fmt.Sprintf(w.Uses, quoted(s.inputs[fieldHistory].Value()), b.Order), w.Next, w.Kneser, w.Likelihood, list)
	bars.Table = table
	return []figure{{"ngram", bars}}
}

func (s *ladderScreen) windowPictures() []figure {
	w, d := s.words(), s.demo.answer
	if d == nil || len(d.Weights) == 0 {
		return nil
	}
	effects := make([]views.Bar, len(d.Tokens))
	for i, t := range d.Tokens {
		effects[i] = views.Bar{Label: visible(t.Text), Value: d.Window[i], Ghost: d.Network[i], Note: digits(d.Window[i], 3) + " / " + digits(d.Network[i], 3)}
	}
	return []figure{
		{"window", s.bars(s.effectTitle(d), w.TokenName, fmt.Sprintf(w.Window, d.Length), s.rungName(scope.Rung{Kind: scope.NetworkRung, Cell: d.Cell}), effects)},
		{"slots", &picture.Heatmap{
			Page: s.a.page(fmt.Sprintf(w.Weights, quote(d.Tokens[d.Marked].Text))), Matrix: slotMap(d),
			RowName: w.Slot, ColumnName: s.a.words.Train.UnitName, ValueName: "W·e",
			Words: s.slotWords(),
		}},
	}
}

// verdictPictures show both sums of every model as bars.
func (s *ladderScreen) verdictPictures() []figure {
	w, v := s.words(), s.pair.answer
	if v == nil {
		return nil
	}
	var list []views.Bar
	for i := range v.Models {
		one, two := v.Scores[0][i], v.Scores[1][i]
		list = append(list, views.Bar{Label: s.modelName(i), Value: surprisalOf(one), Ghost: surprisalOf(two), Note: logText(one.Sum) + " / " + logText(two.Sum)})
	}
	return []figure{{"sentences", s.bars(v.Sentences[0]+" / "+v.Sentences[1], w.Columns[0], w.First+", -ln p", w.Second+", -ln p", list)}}
}

// surprisalOf is what a bar can show of a sentence: NaN where the sum is
// infinite.
func surprisalOf(l scope.SentenceLine) float64 {
	if math.IsInf(l.Sum, 0) {
		return math.NaN()
	}
	return -l.Sum
}
