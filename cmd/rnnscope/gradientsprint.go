package main

import (
	"fmt"
	"math"
	"strings"

	"rnnscope/core/probe"
	"rnnscope/core/say"
	"rnnscope/core/scope"
)

// gradientsJSON is what gradients --json prints.
type gradientsJSON struct {
	Cell    string `json:"cell"`
	Hidden  int    `json:"hidden"`
	Layer   int    `json:"layer"`
	Windows int    `json:"windows"`
	Skipped int    `json:"skipped"`

	Lags          []int         `json:"lags"`
	Norm          scope.Numbers `json:"norm"` // arithmetic means over the windows
	NormGeometric scope.Numbers `json:"norm_geometric"`
	NormC         scope.Numbers `json:"norm_c,omitempty"`
	NormCGeo      scope.Numbers `json:"norm_c_geometric,omitempty"`
	NormInitial   scope.Numbers `json:"norm_geometric_at_init,omitempty"`
	RatePerStep   scope.Number  `json:"rate_per_step"`
	HalfLife      scope.Number  `json:"half_life"`
	Why           string        `json:"half_life_why,omitempty"`
	RateInitial   *scope.Number `json:"rate_per_step_at_init,omitempty"`

	Blocks      []string      `json:"blocks"`
	Radius      scope.Numbers `json:"spectral_radius"`
	SigmaMax    scope.Number  `json:"sigma_max_mean"`
	SigmaSteps  int           `json:"sigma_steps"`
	Slope       scope.Number  `json:"tanh_prime_mean"`
	ProductLags []int         `json:"product_lags"`
	LogProduct  scope.Numbers `json:"log_product_norm"`
	Lyapunov    scope.Numbers `json:"lyapunov"`
	Lost        string        `json:"lyapunov_why,omitempty"`

	ForgetMeasured  scope.Numbers `json:"cell_gradient,omitempty"`
	ForgetPredicted scope.Numbers `json:"cell_gradient_by_forget_gates,omitempty"`

	TermNorm scope.Numbers `json:"w_hh_term_norm"` // by lag, of the first windows
	CutOff   scope.Numbers `json:"w_hh_cut_off"`   // share of ∂L/∂W_hh that a window of lag+1 steps drops

	Check *checkJSON `json:"check,omitempty"`
	Cuts  []cutJSON  `json:"truncation,omitempty"`
}

type checkJSON struct {
	Lags    []int         `json:"lags"`
	Norm    scope.Numbers `json:"norm"`
	Central scope.Numbers `json:"central_difference"`
	Error   scope.Numbers `json:"error"` // what the central differences may be off by
	Doubt   []string      `json:"doubt"` // why a lag tells nothing: faint, sure, parted; else ""
	Worst   scope.Number  `json:"worst"` // of the others

	// Of the two sources of the gradient at each step of the first window: the
	// largest difference between their sum and the gradient, relative to it.
	SourcesResidual scope.Number `json:"sources_residual"`
}

type cutJSON struct {
	Window  int          `json:"window"`
	Cosine  scope.Number `json:"cosine"`
	CutOff  scope.Number `json:"cut_off"`
	Seconds float64      `json:"seconds"`
	Bytes   int          `json:"bytes"`
}

func (a *gradientAnswer) json() gradientsJSON {
	d := a.flow.Layers[a.layer].H
	j := gradientsJSON{
		Cell: a.flow.Cell, Hidden: a.flow.Hidden, Layer: a.layer, Windows: a.flow.Windows, Skipped: a.flow.Skipped,
		Norm: d.Arithmetic, NormGeometric: d.Geometric, RatePerStep: scope.Number(d.Rate), HalfLife: scope.Number(d.HalfLife),
		Blocks: a.story.Blocks, Radius: a.story.Radius, SigmaMax: scope.Number(a.story.SigmaMax), SigmaSteps: len(a.story.Sampled),
		Slope: scope.Number(a.story.Slope), ProductLags: a.story.ProductLags, LogProduct: a.story.LogProduct, Lyapunov: a.story.Lyapunov,
		Why: whyHalfLife(d),
	}
	for k := range a.flow.Steps {
		j.Lags = append(j.Lags, k)
	}
	if c := a.flow.Layers[a.layer].C; c != nil {
		j.NormC, j.NormCGeo = c.Arithmetic, c.Geometric
	}
	if a.initial != nil {
		first := a.initial.Layers[a.layer].H
		rate := scope.Number(first.Rate)
		j.NormInitial, j.RateInitial = first.Geometric, &rate
	}
	if a.forget != nil {
		j.ForgetMeasured, j.ForgetPredicted = a.forget.Measured, a.forget.Predicted
	}
	j.TermNorm, j.CutOff = a.meanTerms()
	if a.check != nil {
		doubt := make([]string, len(a.check.Doubt))
		for i, d := range a.check.Doubt {
			doubt[i] = d.String()
		}
		j.Check = &checkJSON{a.check.Lags, a.check.Gradient, a.check.Central, a.check.Error, doubt, scope.Number(a.check.Worst), scope.Number(a.sources.Residual)}
	}
	if a.cuts != nil {
		for _, c := range a.cuts.Cuts {
			j.Cuts = append(j.Cuts, cutJSON{c.Window, scope.Number(c.Cosine), scope.Number(c.CutOff), c.Seconds, c.Bytes})
		}
	}
	for _, l := range a.story.Lyapunov {
		if math.IsInf(l, 0) {
			j.Lost = "directions without an exponent are lost altogether, as when units are off"
		}
	}
	return j
}

// whyHalfLife says why there is none, "" when there is one.
func whyHalfLife(d *scope.Decay) string {
	switch {
	case math.IsNaN(d.Rate):
		return "there are fewer than two lags to fit"
	case d.Rate >= 1:
		return "the gradient does not fall"
	}
	return ""
}

// meanTerms averages the terms' norms and what cuts drop, over the windows.
func (a *gradientAnswer) meanTerms() (norms, off []float64) {
	norms, off = make([]float64, a.flow.Steps), make([]float64, a.flow.Steps)
	for _, t := range a.terms {
		for k := range norms {
			norms[k] += t.Norm[k] / float64(len(a.terms))
			off[k] += t.Cuts[k].CutOff / float64(len(a.terms))
		}
	}
	return norms, off
}

// tableLags picks the lags of a table of K steps.
func tableLags(steps int) []int {
	var lags []int
	for _, k := range []int{0, 1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 40, 50, 70, 100, 150, 200, 300, 400, 500, 700, 1000} {
		if k < steps {
			lags = append(lags, k)
		}
	}
	if last := lags[len(lags)-1]; last < steps-1 {
		lags = append(lags, steps-1)
	}
	return lags
}

// plotWidth is the columns of the plot beside the table.
const plotWidth = 34

// labels is the width of the names of single figures.
const labels = 20

// printGradients writes the answer for people, in 80 columns.
func (p *program) printGradients(a *gradientAnswer) {
	d, f := a.flow.Layers[a.layer].H, a.flow
	fmt.Fprintln(p.out, p.say("gradient of the last step's loss by h: layer %d, %s of %d units", a.layer, f.Cell, f.Hidden))
	about := p.say("%d windows of %d steps, geometric means", f.Windows, f.Steps)
	if f.Skipped > 0 {
		about += p.say(" (%d more end in an unknown symbol)", f.Skipped)
	}
	fmt.Fprintln(p.out, about)
	fmt.Fprintln(p.out)
	first, cell := a.column(a.initial)
	series := [][]float64{probe.Guide(d.Geometric[0], 0.8, f.Steps), first, d.Geometric}
	low, high := plotDecades(d.Geometric, first)
	fmt.Fprintf(p.out, "%s  %-8s  %s  %-8s  %s\n", padLeft(p.say("lag"), 5), "|dL/dh|", pad(p.say("at init"), 8), cell.name, plotAxis(low, high))
	for _, k := range tableLags(f.Steps) {
		fmt.Fprintf(p.out, "%5d  %8.2e  %8s  %8s  %s\n", k, d.Geometric[k], exponent(first, k), exponent(cell.values, k), plotRow(series, k, low, high))
	}
	fmt.Fprintf(p.out, "\n%s\n\n", p.say("* now   o at initialisation   : 0.8^k"))

	rate := p.say("%.4g per step, half-life %.3g steps", d.Rate, d.HalfLife)
	if why := whyHalfLife(d); why != "" {
		rate = p.say("%.4g per step; no half-life: %s", d.Rate, say.Phrase(why))
	}
	p.labelled(p.say("fitted"), rate)
	if a.initial != nil {
		p.labelled(p.say("at initialisation"), p.say("%.4g per step", a.initial.Layers[a.layer].H.Rate))
	}
	p.printStory(a)
	_, off := a.meanTerms()
	if k := windowFor(off, 0.1); k > 0 {
		p.labelled(p.say("truncation"), p.say("a window of %d keeps 90 %% of dL/dW_hh, one of 1 drops %.0f %%", k, 100*off[0]))
	}
	if a.cuts != nil {
		p.printCuts(a)
	}
	if a.check != nil {
		p.printCheck(a)
	}
}

// labelled prints a figure under its name.
func (p *program) labelled(name, text string) { fmt.Fprintf(p.out, "%s%s\n", pad(name, labels), text) }

// windowFor is the smallest window that cuts off less than share, 0 when none
// does.
func windowFor(off []float64, share float64) int {
	for k, x := range off {
		if x < share {
			return k + 1
		}
	}
	return 0
}

func (p *program) printCuts(a *gradientAnswer) {
	streams := min(a.flow.Windows+a.flow.Skipped, cutStreams)
	fmt.Fprintf(p.out, "\n%s\n", p.say("a wall every k steps, %d streams, all losses: dL/dW_hh beside the whole", streams))
	fmt.Fprintf(p.out, "%7s  %s  %s  %10s  %9s\n", "k", padLeft(p.say("cosine"), 8), padLeft(p.say("cut off"), 8), "ms", "KB")
	for _, c := range a.cuts.Cuts {
		fmt.Fprintf(p.out, "%7d  %8.4f  %6.1f %%  %10.2f  %9d\n", c.Window, c.Cosine, 100*c.CutOff, 1000*c.Seconds, c.Bytes/1024)
	}
}

func (p *program) printCheck(a *gradientAnswer) {
	c := a.check
	fmt.Fprintf(p.out, "\n%s  %s  %s  %s\n", padLeft(p.say("lag"), 5), pad(p.say("backward pass"), 14), pad(p.say("central difference"), 18), p.say("apart"))
	for i, k := range c.Lags {
		apart := ""
		switch c.Doubt[i] {
		case scope.Faint:
			apart = p.say("too small for a difference, known to %.0e", c.Error[i])
		case scope.Sure:
			apart = p.say("the model is too sure for float32's digits")
		case scope.Parted:
			apart = p.say("float32 and float64 have parted on the way")
		default:
			apart = fmt.Sprintf("%.1e", c.Apart(i))
		}
		fmt.Fprintf(p.out, "%5d  %14.7e  %18.7e  %s\n", k, c.Gradient[i], c.Central[i], apart)
	}
	verdict := ""
	switch {
	case c.Told() == 0:
		verdict = p.say("nothing can be held against each other here")
	case c.Agree():
		verdict = p.say("the two agree to within %.0e", c.Worst)
	default:
		verdict = p.say("the two DIFFER by %.0e", c.Worst)
	}
	fmt.Fprintf(p.out, "\n%s\n%s\n", verdict, p.say("the gradient's two sources, output and future, sum to it within %.0e", a.sources.Residual))
}

func (p *program) printStory(a *gradientAnswer) {
	s := a.story
	radius := "W_hh"
	for i, rho := range s.Radius {
		radius += fmt.Sprintf("  %s %.3f", s.Blocks[i], rho)
	}
	p.labelled(p.say("spectral radius"), radius)
	sigma := p.say("largest singular value %.3f, mean of %d steps", s.SigmaMax, len(s.Sampled))
	if !math.IsNaN(s.CellMax) {
		sigma += fmt.Sprintf("; dc/dc' %.2f", s.CellMax)
	}
	p.labelled(p.say("Jacobian"), sigma)
	p.labelled(p.say("mean slope"), p.say("%.3f of the nonlinearity that h passes", s.Slope))
	if n := len(s.ProductLags); n > 0 {
		k := s.ProductLags[n-1]
		p.labelled(p.say("product"), p.say("of %d Jacobians has norm e^%.1f: %.4g per step", k, s.LogProduct[n-1], math.Exp(s.LogProduct[n-1]/float64(k))))
	}
	if len(s.Lyapunov) > 0 {
		p.labelled(p.say("Lyapunov exponent"), p.say("%.3f nats per step, the largest: %.4g per step", s.Lyapunov[0], math.Exp(s.Lyapunov[0])))
	}
	if f := a.forget; f != nil {
		k := min(10, len(f.Measured)-1)
		p.labelled(p.say("forget gates"), p.say("alone keep %.1e of dL/dc for %d steps; measured %.1e", f.Predicted[k]/f.Predicted[0], k, f.Measured[k]/f.Measured[0]))
	}
}

type gradientColumn struct {
	name   string
	values []float64
}

// column is what the initial model's norms were, nil when not known, and the
// cell gradient's.
func (a *gradientAnswer) column(initial *scope.Flow) ([]float64, gradientColumn) {
	var first []float64
	if initial != nil {
		first = initial.Layers[a.layer].H.Geometric
	}
	if c := a.flow.Layers[a.layer].C; c != nil {
		return first, gradientColumn{"|dL/dc|", c.Geometric}
	}
	return first, gradientColumn{}
}

func exponent(values []float64, k int) string {
	if values == nil {
		return ""
	}
	return fmt.Sprintf("%.2e", values[k])
}

// plotDecades is the range of a logarithmic axis over all positive values.
func plotDecades(series ...[]float64) (low, high int) {
	least, most := math.Inf(1), math.Inf(-1)
	for _, s := range series {
		for _, v := range s {
			if v > 0 && !math.IsInf(v, 0) {
				least, most = math.Min(least, math.Log10(v)), math.Max(most, math.Log10(v))
			}
		}
	}
	if most < least {
		return -1, 0
	}
	low, high = int(math.Floor(least)), int(math.Ceil(most))
	return low, max(high, low+1)
}

func plotAxis(low, high int) string {
	left, right := fmt.Sprintf("1e%d", low), fmt.Sprintf("1e%d", high)
	return left + strings.Repeat(" ", max(1, plotWidth-len(left)-len(right))) + right
}

// plotRow draws one row: of each series a mark where its value lies.
func plotRow(series [][]float64, k, low, high int) string {
	row := []byte(strings.Repeat(" ", plotWidth))
	for i, s := range series {
		if s == nil || !(s[k] > 0) || math.IsInf(s[k], 0) {
			continue
		}
		x := (math.Log10(s[k]) - float64(low)) / float64(high-low) * float64(plotWidth-1)
		if x < 0 || x > float64(plotWidth-1) {
			continue
		}
		row[int(math.Round(x))] = ":o*"[i]
	}
	return "|" + strings.TrimRight(string(row), " ")
}
