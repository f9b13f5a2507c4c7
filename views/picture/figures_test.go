package picture

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"

	"rnnscope/core/scope"
	"rnnscope/views"
)

// words are those of a figure in one language.
type words struct {
	title, subtitle, caption        string
	update, loss                    string
	each, train, valid              string
	uniform, trigram, best, window  string
	hidden, unit, token, value      string
	label, warm, plain, probability string
	sentence                        []string
	heat                            views.HeatmapWords
	empty                           string
}

var languages = map[string]words{
	"en": {
		title: "Loss over training", subtitle: "LSTM 1×128 · fables · update 1,840 · seed 1", caption: "Dots are single updates; the line is their exponential average over about fifty. References are counted on the same split.",
		update: "update", loss: "loss (nats per character)", each: "each update", train: "train, smoothed", valid: "validation",
		uniform: "uniform, ln V = 4.14", trigram: "3-gram", best: "best 1.71", window: "k = 20",
		hidden: "hidden state h, layer 1", unit: "unit", token: "token", value: "h (no unit, −1 to 1)",
		label: "next token", warm: "p at T = 0.5", plain: "p at T = 1", probability: "probability of the token",
		sentence: strings.SplitAfter("The keys to the cabinet are on the table, said the fox.\n", " "),
		heat:     views.HeatmapWords{Local: "scale of this map", Global: "scale of all maps", Units: "%d units a cell", Steps: "%d steps a cell", NotFinite: "%d not finite", Beyond: "%d beyond the scale"},
		empty:    "The loss of each update will be drawn here.",
	},
	"zh": {
		title: "训练过程中的损失", subtitle: "LSTM 1×128 · 寓言 · 第 1,840 次更新 · 种子 1", caption: "点是单次更新；线是约五十次更新的指数平均。参考线在同一划分上统计得出。",
		update: "更新次数", loss: "损失（奈特/字符）", each: "每次更新", train: "训练集，平滑", valid: "验证集",
		uniform: "均匀分布，ln V = 4.14", trigram: "三元文法", best: "最佳 1.71", window: "窗口 k = 20",
		hidden: "隐藏状态 h，第 1 层", unit: "单元", token: "词元", value: "h（无量纲，−1 到 1）",
		label: "下一个词元", warm: "T = 0.5 时的概率", plain: "T = 1 时的概率", probability: "词元的概率",
		sentence: strings.Split("橱柜的钥匙在桌子上，狐狸说。狗咬人，人咬狗。\n", ""),
		heat:     views.HeatmapWords{Local: "本图的刻度", Global: "所有图的刻度", Units: "每格 %d 个单元", Steps: "每格 %d 步", NotFinite: "%d 个非有限值", Beyond: "%d 个超出刻度"},
		empty:    "每次更新的损失将画在这里。",
	},
}

var gap = math.NaN()

func themes() map[string]*views.Theme {
	return map[string]*views.Theme{
		"dark":  views.NewTheme(views.DarkBackground, views.Options{}),
		"light": views.NewTheme(views.LightBackground, views.Options{}),
	}
}

func lossChart(w words, n int, t *views.Theme) *Chart {
	g := rand.New(rand.NewPCG(1, 1))
	curve := scope.NewCurve(512)
	var vx, vy []float64
	for i := 1; i <= n; i++ {
		x := float64(i) / float64(n)
		loss := 1.5 + 2.6*math.Exp(-12*x) + 0.06*g.NormFloat64()
		if i == n*7/10 {
			loss = 3.4
		}
		curve.Add(int64(i), loss)
		if i%max(n/12, 1) == 0 {
			vx, vy = append(vx, float64(i)), append(vy, 1.6+2.6*math.Exp(-11*x)+0.3*x*x)
		}
	}
	sx, sy := views.Smooth(curve.Buckets, 50, nil, nil)
	best := 0
	for i := range vy {
		if vy[i] < vy[best] {
			best = i
		}
	}
	return &Chart{
		Page: Page{Title: w.title, Subtitle: w.subtitle, Caption: w.caption, Theme: t},
		X:    views.Axis{Name: w.update, Whole: true}, Y: views.Axis{Name: w.loss},
		Series: []views.Series{
			{Name: w.each, Curve: curve.Buckets, Shape: views.Points, Style: t.Dim},
			{Name: w.train, X: sx, Y: sy},
			{Name: w.valid, X: vx, Y: vy},
		},
		References: []views.Reference{{Label: w.uniform, Value: math.Log(63)}, {Label: w.trigram, Value: 2.2}},
		Marks:      []views.Mark{{Label: w.best, X: vx[best], Y: vy[best], Style: t.Good}},
	}
}

// gradientChart has a logarithmic axis, gaps, dashes and a band.
func gradientChart(w words, t *views.Theme) *Chart {
	var lag, rnn, gru, lstm []float64
	norm := scope.NewCurve(16)
	for k := range 50 {
		x := float64(k)
		lag = append(lag, x)
		rnn = append(rnn, math.Pow(0.6, x))
		gru = append(gru, math.Pow(0.85, x)*(1+0.2*math.Sin(x)))
		lstm = append(lstm, math.Pow(0.97, x))
		if k >= 20 && k < 25 {
			gru[k] = gap
		}
		if k >= 44 {
			rnn[k] = 0
		}
		norm.Add(int64(k), 0.3*math.Pow(0.93, x)*(1.5+math.Sin(2*x)))
	}
	return &Chart{
		Page: Page{Title: "‖∂L_T/∂h_{T−k}‖", Subtitle: w.subtitle, Theme: t, Width: 800, Height: 460},
		X:    views.Axis{Name: "k", Whole: true}, Y: views.Axis{Name: "‖∂L/∂h‖", Log: true},
		Series: []views.Series{
			{Name: "RNN", X: lag, Y: rnn}, {Name: "GRU", X: lag, Y: gru}, {Name: "LSTM", X: lag, Y: lstm, Shape: views.Dashed},
			{Name: "Elman", Curve: norm.Buckets}, {Name: "0.8^k", X: lag, Y: rnn[:0], Shape: views.Dotted},
		},
		References: []views.Reference{{Label: w.window, Value: 20, Vertical: true}},
	}
}

func stateMap(w words, units int, t *views.Theme) *Heatmap {
	steps := len(w.sentence)
	data := make([]float32, steps*units)
	for s := range steps {
		for u := range units {
			data[s*units+u] = float32(math.Tanh(1.6 * math.Sin(float64(u*u)*0.7+float64(s)*(0.1+0.05*float64(u%7)))))
		}
	}
	data[3*units+2] = float32(math.NaN())
	data[5*units+7] = float32(math.Inf(-1))
	return &Heatmap{
		Page:   Page{Title: w.hidden, Subtitle: w.subtitle, Theme: t},
		Matrix: views.TimeMajor(data, units), ColumnLabels: w.sentence, Min: -1, Max: 1,
		RowName: w.unit, ColumnName: w.token, ValueName: w.value, Words: w.heat,
	}
}

func nextToken(w words, t *views.Theme) *Bars {
	p := []float64{0.31, 0.22, 0.12, 0.07, 0.031, 0.004, 0, gap}
	b := &Bars{Page: Page{Title: w.label, Subtitle: w.subtitle, Theme: t}, LabelName: w.token, ValueName: w.warm, GhostName: w.plain}
	labels := []string{"e", "的", " ", "\n", "a very long token that no gutter has room for", "狐狸", "<unk>", "x"}
	for i, v := range p {
		b.Rows = append(b.Rows, views.Bar{Label: labels[i], Value: v, Ghost: 0.8*v*v + 0.05, Note: views.Figures(v), Marked: i == 1})
	}
	return b
}

func coloured(w words, t *views.Theme) *Tokens {
	var tokens []string
	var p []float64
	for i := range 5 {
		for k, s := range w.sentence {
			tokens = append(tokens, strings.TrimRight(s, strings.Repeat("\n", 1-i/4)))
			p = append(p, math.Mod(float64(i*7+k*k)*0.137, 1))
		}
	}
	p[4] = gap
	return &Tokens{
		Page:   Page{Title: w.probability, Subtitle: w.subtitle, Caption: w.caption, Theme: t},
		Tokens: tokens, Values: p, TokenName: w.token, ValueName: w.probability,
	}
}

// screen is a screen of w by h cells with all that is drawn in one.
func screen(w words, columns, rows int, t *views.Theme) *Screen {
	c := views.NewCanvas(columns, rows)
	c.Text(1, 0, "rnnscope", t.Accent.With(views.Bold))
	c.Text(11, 0, w.subtitle, t.Dim)
	c.Text(columns-14, 0, "● training", t.Good)
	top := views.Rect{X: 0, Y: 1, W: columns * 2 / 3, H: rows/2 - 1}
	chart := lossChart(w, 1840, t)
	lines := views.LineChart{X: chart.X, Series: chart.Series, References: chart.References, Marks: chart.Marks}
	lines.Draw(c, views.Box{Title: w.loss, Focused: true}.Draw(c, top, t), t)
	side := views.Rect{X: top.W, Y: 1, W: columns - top.W, H: top.H}
	bars := views.Bars{Rows: nextToken(w, t).Rows}
	bars.Draw(c, views.Box{Title: w.label, Note: "T = 0.5"}.Draw(c, side, t), t)
	bottom := views.Rect{X: 0, Y: top.Y + top.H, W: columns, H: rows - top.H - 4}
	inside := views.Box{Title: w.hidden}.Draw(c, bottom, t)
	m := wave(2*inside.H, inside.W-5)
	m.Draw(c, inside, t)
	y := bottom.Y + bottom.H
	strip := views.Strip{Tokens: w.sentence, Values: []float64{0.1, 0.9, 0.4, 0.7, 0.2, 1, 0.5, gap, 0.3, 0.8, 0.6}}
	strip.Draw(c, views.Rect{X: 1, Y: y, W: columns - 2, H: 1}, t)
	c.Text(1, y+1, "bold", t.Text.With(views.Bold))
	c.Text(6, y+1, "dim", t.Text.With(views.Dim))
	c.Text(10, y+1, "italic", t.Text.With(views.Italic))
	c.Text(17, y+1, "underline 下划线", t.Text.With(views.Underline))
	c.Text(34, y+1, " reverse ", t.Text.With(views.Reverse))
	c.Text(44, y+1, "▁▂▃▄▅▆▇█▉▊▋▌▍▎▏ ░▒▓ ▖▗▘▙▚▛▜▝▞▟", t.Series[2])
	c.Text(1, y+2, "┌┬┐╔╦╗┏┳┓╓╥╖╒╤╕ ├┼┤╠╬╣┣╋┫╟╫╢╞╪╡ └┴┘╚╩╝┗┻┛╙╨╜╘╧╛ ┄┅┆┇┈╌╎╱╲╳", t.Frame)
	c.Text(66, y+2, "▲▼◀▶◆●○■ ↵⇥␣✓✗ é ñ λ ∂ ‖ ≈ → …", t.Warn)
	return &Screen{Page: Page{Title: "rnnscope · " + w.hidden, Description: w.caption, Theme: t}, Canvas: c, Window: true}
}

func wave(units, steps int) *views.Heatmap {
	data := make([]float32, steps*units)
	for s := range steps {
		for u := range units {
			data[s*units+u] = float32(math.Sin(float64(u*u)*0.7 + float64(s)*(0.1+0.05*float64(u%7))))
		}
	}
	return &views.Heatmap{Matrix: views.TimeMajor(data, units), Min: -1, Max: 1}
}

// figures are all kinds in all languages and themes, by name.
func figures() map[string]Figure {
	out := map[string]Figure{}
	for language, w := range languages {
		for theme, t := range themes() {
			for kind, f := range map[string]Figure{
				"chart": lossChart(w, 600, t), "gradient": gradientChart(w, t), "heatmap": stateMap(w, 24, t),
				"bars": nextToken(w, t), "tokens": coloured(w, t), "screen": screen(w, 100, 30, t),
				"empty": &Chart{Page: Page{Title: w.title, Theme: t, Width: 400, Height: 200}, Empty: w.empty},
			} {
				out[fmt.Sprintf("%s-%s-%s", kind, theme, language)] = f
			}
		}
	}
	return out
}
