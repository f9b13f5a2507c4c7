package session

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"rnnscope/core/lag"
	"rnnscope/core/say"
	"rnnscope/core/scope"
)

// LagChoice is a grid of the lag lab as it is typed: lists by comma, in the words
// of the command's flags.
type LagChoice struct {
	Task, Lag, Cell, Init, ForgetBias, LR string
	Seeds, Updates, Hidden                string
	Input                                 string // onehot or embedding
}

// drawnBias is the forget bias that the initialisation draws.
const drawnBias = "drawn"

// Grid reads a choice.
func (c LagChoice) Grid() (lag.Grid, error) {
	g := lag.Defaults()
	var err error
	number := func(name, s string) int {
		n, e := strconv.Atoi(strings.TrimSpace(s))
		if e != nil && err == nil {
			err = say.Errorf("%s must be a whole number, not %q", name, s)
		}
		return n
	}
	g.Tasks, g.Cells, g.Inits = list(c.Task), list(c.Cell), list(c.Init)
	g.Seeds, g.Updates, g.Hidden, g.Input = number("seeds", c.Seeds), int64(number("updates", c.Updates)), number("hidden", c.Hidden), c.Input
	g.Lags, g.LRs, g.ForgetBias = nil, nil, nil
	for _, s := range list(c.Lag) {
		g.Lags = append(g.Lags, number("lag", s))
	}
	real := func(name, s string) float64 {
		v, e := strconv.ParseFloat(s, 64)
		if e != nil && err == nil {
			err = say.Errorf("%s must be a number, not %q", name, s)
		}
		return v
	}
	for _, s := range list(c.LR) {
		g.LRs = append(g.LRs, real("lr", s))
	}
	for _, s := range list(c.ForgetBias) {
		if s == drawnBias {
			g.ForgetBias = append(g.ForgetBias, nil)
			continue
		}
		v := scope.Number(real("forget-bias", s))
		g.ForgetBias = append(g.ForgetBias, &v)
	}
	if err != nil {
		return g, err
	}
	_, err = g.Trials()
	return g, err
}

// list are the parts between commas that are not empty.
func list(s string) []string {
	var out []string
	for part := range strings.SplitSeq(s, ",") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// choiceOf writes a grid as it would be typed.
func choiceOf(g lag.Grid) LagChoice {
	c := LagChoice{
		Task: strings.Join(g.Tasks, ","), Cell: strings.Join(g.Cells, ","), Init: strings.Join(g.Inits, ","),
		Seeds: fmt.Sprint(g.Seeds), Updates: fmt.Sprint(g.Updates), Hidden: fmt.Sprint(g.Hidden), Input: g.Input,
	}
	var lags, rates, biases []string
	for _, v := range g.Lags {
		lags = append(lags, fmt.Sprint(v))
	}
	for _, v := range g.LRs {
		rates = append(rates, fmt.Sprint(v))
	}
	for _, v := range g.ForgetBias {
		if v == nil {
			biases = append(biases, drawnBias)
		} else {
			biases = append(biases, fmt.Sprint(float64(*v)))
		}
	}
	c.Lag, c.LR, c.ForgetBias = strings.Join(lags, ","), strings.Join(rates, ","), strings.Join(biases, ",")
	return c
}

// LagPreset is a grid with a name.
type LagPreset struct {
	Name   string
	Choice LagChoice
}

// LagPresets lists those of the command, and two more: the adding problem, which
// separates cells at any rate, and how far each initialisation carries a symbol.
func LagPresets() []LagPreset {
	var out []LagPreset
	for _, p := range lag.Presets() {
		out = append(out, LagPreset{p.Name, choiceOf(p.Grid)})
	}
	one := scope.Number(1)
	adding := lag.Defaults()
	adding.Lags, adding.ForgetBias, adding.Seeds, adding.Updates = []int{50}, []*scope.Number{&one}, 5, 4000
	recall := lag.Defaults()
	recall.Tasks, recall.Lags, recall.Inits = []string{"recall"}, []int{5, 10, 20, 40}, []string{"pytorch", "orthogonal"}
	recall.ForgetBias, recall.Input, recall.Updates = []*scope.Number{&one}, "embedding", 1500
	return append(out, LagPreset{"adding", choiceOf(adding)}, LagPreset{"recall", choiceOf(recall)})
}

// LagTasks lists the tasks.
func LagTasks() []string { return lag.Tasks() }

// LagLogs lists the logs of the lag lab in a folder, the newest first.
func LagLogs(folder string) []string {
	found, err := filepath.Glob(filepath.Join(folder, "lag-*.jsonl"))
	if err != nil {
		return nil
	}
	slices.Sort(found) // their names are times
	slices.Reverse(found)
	return found
}
