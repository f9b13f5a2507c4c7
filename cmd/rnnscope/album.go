package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"rnnscope/core/kernel"
	"rnnscope/core/probe"
	"rnnscope/core/say"
	"rnnscope/core/session"
	"rnnscope/core/store"
	"rnnscope/core/train"
	"rnnscope/tui/words"
	"rnnscope/views"
	"rnnscope/views/picture"
)

// album makes the pictures of a run.
type album struct {
	p      *program
	info   *store.Info
	record *session.Record
	dir    string
	dark   bool
}

// titledFigure is a picture, and what a report says beside it.
type titledFigure struct {
	kind, name string // of --only, and of its files
	figure     picture.Figure
	title      string
	about      string // how to read it
}

// curveBuckets is how many points a curve has at most: about one a CSS pixel.
const curveBuckets = 1024

// page is what all pictures of the run say.
func (a *album) page(title string) picture.Page {
	theme := views.LightBackground
	if a.dark {
		theme = views.DarkBackground
	}
	return picture.Page{Title: title, Subtitle: a.subtitle(), Theme: views.NewTheme(theme, views.Options{})}
}

// subtitle is which model on which text, after how many updates.
func (a *album) subtitle() string {
	m := a.info.Model
	name := a.info.Corpus.Name
	if !a.info.Corpus.Builtin {
		name = filepath.Base(name)
	}
	if name == "-" {
		name = a.p.say("standard input")
	}
	last := int64(0)
	if n := len(a.record.Updates); n > 0 {
		last = a.record.Updates[n-1].Update
	}
	return a.p.say("%s %dx%d on %s, update %s", strings.ToUpper(m.Cell), m.Layers, m.Hidden, name, thousands(last))
}

// curves are the figures of training by update.
func (a *album) curves() []titledFigure {
	p, r := a.p, a.record
	update := views.Axis{Name: p.say("update"), Whole: true}
	unit := p.say("loss (nats per character)")
	if a.info.Vocabulary.Level().String() == "word" {
		unit = p.say("loss (nats per word)")
	}
	var at, loss, ppl []float64
	for _, v := range r.Valid {
		at, loss, ppl = append(at, float64(v.Update)), append(loss, float64(v.Loss)), append(ppl, float64(v.Perplexity))
	}
	var marks, pplMarks []views.Mark
	if best := r.Best(); best != nil {
		marks = []views.Mark{{Label: fmt.Sprintf("%.4f", float64(best.Loss)), X: float64(best.Update), Y: float64(best.Loss)}}
		pplMarks = []views.Mark{{Label: figure(float64(best.Perplexity)), X: float64(best.Update), Y: float64(best.Perplexity)}}
	}
	train, valid := p.say("train"), p.say("valid")
	chance := math.Log(float64(a.info.Model.Vocab))
	uniform := p.say("guessing")
	empty := p.say("nothing has been measured yet")
	lossOf := func(u session.Update) float64 { return float64(u.Loss) }
	var clip []views.Reference
	var config session.Config
	if json.Unmarshal(a.info.Config, &config) == nil && config.Train.Clip > 0 {
		clip = []views.Reference{{Label: p.say("clip %.3g", config.Train.Clip), Value: config.Train.Clip, Loose: true}}
	}
	curve := func(kind, title, about string, y views.Axis, series []views.Series, refs []views.Reference, marks []views.Mark) titledFigure {
		return titledFigure{kind, kind, &picture.Chart{Page: a.page(title), X: update, Y: y, Series: series, References: refs, Marks: marks, Empty: empty}, title, about}
	}
	pplCurve := r.Curve(curveBuckets, func(u session.Update) float64 { return math.Exp(float64(u.Loss)) })
	return []titledFigure{
		curve("loss", p.say("Loss"), p.say("What one token costs to predict. The training line is noisy and has dropout in it; the validation line says how the model does on text it has not seen. Where it turns upwards the model begins to learn by heart."),
			views.Axis{Name: unit}, []views.Series{{Name: train, Curve: r.Curve(curveBuckets, lossOf)}, {Name: valid, X: at, Y: loss}},
			[]views.Reference{{Label: uniform, Value: chance, Loose: true}}, marks),
		curve("perplexity", p.say("Perplexity"), p.say("The loss as a number of choices: a model with perplexity 10 is as uncertain as one that picks among ten equally likely tokens."),
			views.Axis{Name: p.say("perplexity"), Log: true}, []views.Series{{Name: train, Curve: pplCurve}, {Name: valid, X: at, Y: ppl}},
			[]views.Reference{{Label: uniform, Value: float64(a.info.Model.Vocab), Loose: true}}, pplMarks),
		curve("gradient", p.say("Gradient norm"), p.say("The length of the gradient over all weights before clipping. Spikes are where one window would have thrown the weights far away."),
			views.Axis{Name: p.say("gradient norm"), Log: true}, []views.Series{{Name: p.say("before clipping"), Curve: r.Curve(curveBuckets, func(u session.Update) float64 { return float64(u.GradNorm) })}}, clip, nil),
		curve("rate", p.say("Learning rate"), p.say("How far the optimizer goes along the gradient, by the schedule."),
			views.Axis{Name: p.say("learning rate"), Log: true}, []views.Series{{Name: p.say("learning rate"), Curve: r.Curve(curveBuckets, func(u session.Update) float64 { return u.LR })}}, nil, nil),
	}
}

// states are the hidden states of each layer while a sentence is read.
func (a *album) states(sentence string) ([]titledFigure, error) {
	p := a.p
	set, err := kernel.Choose("auto")
	if err != nil {
		return nil, err
	}
	opened, err := store.OpenModel(a.dir, set)
	if err != nil {
		return nil, err
	}
	ids, token := encoded(opened.Vocab, sentence)
	if len(ids) == 0 {
		return nil, usage{what: say.Textf("the sentence is empty"), try: say.Textf("give at least one token")}
	}
	trace, err := probe.Trace(opened.Model, ids, token, probe.Ask{})
	if err != nil {
		return nil, err
	}
	h := words.For(p.lang).Heat
	var out []titledFigure
	for l := range opened.Model.Layers {
		var values []float32
		var labels []string
		for _, s := range trace.Steps {
			values = append(values, s.Layers[l].H...)
			labels = append(labels, visible(s.Token))
		}
		title := p.say("Hidden state of layer %d", l+1)
		page := a.page(title)
		least, most := -1.0, 1.0
		if opened.Model.Activation == "relu" {
			least, most = 0, 0
		}
		out = append(out, titledFigure{"hidden", "hidden-" + strconv.Itoa(l+1), &picture.Heatmap{
			Page: page, Matrix: views.TimeMajor(values, opened.Model.Hidden), ColumnLabels: labels,
			RowName: p.say("unit"), ColumnName: p.say("token"), ValueName: "h", Min: least, Max: most,
			Words: views.HeatmapWords{Local: h.Local, Global: h.Global, Units: h.Units, Steps: h.Steps, NotFinite: h.NotFinite, Beyond: h.Beyond},
		}, title, p.say("One row a unit, one column a token of the sentence, read from a zero state. A unit that keeps its colour remembers something.")})
	}
	return out, nil
}

// visible is a token as a label.
func visible(s string) string {
	return strings.NewReplacer("\n", "⏎", "\t", "→", " ", "·").Replace(s)
}

// report is the run on one page.
func (a *album) report(figures []titledFigure) *picture.Report {
	p, info := a.p, a.info
	r := &picture.Report{Title: p.say("A run of rnnscope"), Subtitle: a.subtitle(), Language: map[words.Lang]string{words.English: "en", words.Chinese: "zh-CN"}[p.lang]}
	r.Sections = append(r.Sections, picture.Section{Heading: p.say("Result"), Rows: a.results()})
	for _, f := range figures {
		if f.kind != "rate" || a.rateChanges() {
			r.Sections = append(r.Sections, picture.Section{Heading: f.title, Text: f.about, Figure: untitled(f.figure), Alt: f.title})
		}
	}
	if text := a.lastSample(); text != "" {
		r.Sections = append(r.Sections, picture.Section{Heading: p.say("What it wrote last"), Code: text})
	}
	rows := [][2]string{
		{p.say("text"), info.Corpus.Name}, {"sha256", info.Corpus.SHA256},
		{p.say("vocabulary"), thousands(int64(info.Model.Vocab)) + " (" + p.phrase(info.Vocabulary.Level().String()) + ")"},
	}
	var config session.Config
	if json.Unmarshal(info.Config, &config) == nil {
		values := valuesOf(config)
		for _, name := range slices.Sorted(maps.Keys(values)) {
			if values[name] != "" && name != "threads" && name != "kernel" {
				rows = append(rows, [2]string{"--" + name, values[name]})
			}
		}
	}
	r.Sections = append(r.Sections,
		picture.Section{Heading: p.say("Configuration"), Rows: rows},
		picture.Section{Heading: p.say("The command that trains it again"), Code: shellLine(info.Command)})
	return r
}

// rateChanges says whether the learning rate is worth a picture.
func (a *album) rateChanges() bool {
	return slices.ContainsFunc(a.record.Updates, func(u session.Update) bool { return u.LR != a.record.Updates[0].LR })
}

// untitled is a figure without what stands above it on a page.
func untitled(f picture.Figure) picture.Figure {
	switch f := f.(type) {
	case *picture.Chart:
		c := *f
		c.Title, c.Subtitle, c.Description = "", "", f.Title
		return &c
	case *picture.Heatmap:
		h := *f
		h.Title, h.Subtitle, h.Description = "", "", f.Title
		return &h
	}
	return f
}

// results are the figures that a run is judged by.
func (a *album) results() [][2]string {
	p := a.p
	var rows [][2]string
	evaluation := func(name string, e *session.Evaluation) {
		if e != nil {
			rows = append(rows, [2]string{name, p.say("loss %.4f nats, %.4f bits, perplexity %s, on %s tokens", float64(e.Loss), float64(e.Bits), figure(float64(e.Perplexity)), thousands(int64(e.Tokens)))})
		}
	}
	if best := a.record.Best(); best != nil {
		evaluation(p.say("best validation, update %s", thousands(best.Update)), &best.Evaluation)
	}
	if d := a.record.Done; d != nil {
		evaluation(p.say("validation at the end"), d.Valid)
		evaluation(p.say("test at the end"), d.Test)
		evaluation(p.say("test by the best weights"), d.BestTest)
		rows = append(rows, [2]string{p.say("trained"), p.say("%s updates, %.2f epochs, %.1f s", thousands(d.Updates), d.Epoch, d.Seconds)})
	}
	if d := a.record.Diverged; d != nil {
		rows = append(rows, [2]string{p.say("diverged"), p.say("at update %s: %s", thousands(d.Update), train.ReasonOf(d.Reason))})
	}
	return rows
}

// lastSample is the last text in the run's samples.
func (a *album) lastSample() string {
	text, err := os.ReadFile(filepath.Join(a.dir, "samples.txt"))
	if err != nil {
		return ""
	}
	at := strings.LastIndex("\n"+string(text), "\n== ")
	if at < 0 {
		return ""
	}
	return strings.TrimSpace(string(text)[at:])
}
