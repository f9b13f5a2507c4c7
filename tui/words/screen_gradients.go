package words

// Gradients are the words of the screen that shows where gradients go.
type Gradients struct {
	Tab Tab

	Views                                             [7]string // names, in the order of session.View
	Titles                                            [7]string // of the panes
	Lag, Step, Window, Index                          string
	Now, Initial, Fitted                              string
	CellLine                                          string
	LayerLine                                         string // %d
	OthersKey                                         Action
	Others                                            string // %d %s: units of a layer, update
	OthersRace, OthersWait                            string
	Wall, ShortWall                                   string // %d: k
	Waiting                                           string
	Update, Over, OverOne, FitsAll, FitsHeld          string // %s; %d windows; none; %d steps; %d of %d steps
	Rate                                              string // %s
	HalfLife                                          string // %s
	Endless, Vanishes                                 string
	At, AtFaint                                       string // %d %s: lag, share of the norm at lag 0; what it is less than
	Layer                                             string // %d %d
	Renewed                                           string // %s %s
	Still                                             string
	Resumed                                           string
	Seconds                                           string // %s
	Output, Future, Cosine, Residual                  string // Residual: %s
	OutputBelow                                       string
	DynamicsOf                                        string // %s: update
	Radius                                            string // %s: W_hh or its blocks, with their radii
	Sigma                                             string // %s %s %d: of which matrix, value, steps
	Spectrum                                          string // %s %d %s %s: of which matrix, step, largest, smallest
	Prime                                             string
	Slope                                             string // %s %s: of what, value
	Lyapunov                                          string
	PerStep                                           string // %s
	Product, Measured, ForgetOnly, CellMeasured       string
	Asked                                             string // %s %s: update, time it took
	Busy                                              string // %s
	Swept                                             string
	MapScale                                          string
	Kept, CutOff, Cut                                 string // Cut %d %s %s: k, cosine, share cut off
	CutLast                                           string // %d %s %s
	Cost, CostAsk, CostNote                           string // CostNote: %d B
	TermNorm, TermCosine                              string
	Exercise                                          string
	Histogram                                         string // %s
	Above                                             string // %s %s %s
	NoClip                                            string
	ByNorm, ByValue                                   string // %s %s
	Agrees, Differs                                   string // %s %s
	CheckHead                                         string
	CheckNothing                                      string // %s: the update
	CheckFaint, CheckSure, CheckParted                string // %s: lags
	Knobs, KnobLayer, KnobSteps, KnobWall             string
	KnobRadius, KnobForget, KnobRedraw, Apply, OnlyOf string
	Top                                               string
	Rules                                             map[string]string
	Broke, Healed, Checking, Costing                  string
	Diverged                                          string

	View, Prev, Up, Down, Left, Rightk, Do, Break, Heal, Back, CheckKey, CostKey, Renew, State, Pause, Layerk Action
}

var englishGradients = Gradients{
	Tab: Tab{"Gradients", "Gradients: how far back the loss reaches", [3]string{
		"The loss of one step, followed back: the norm of its gradient with respect to the hidden state k steps earlier, on a logarithmic axis. A straight line falls by the same factor each step.",
		"Compare it with what it was at initialisation and with the guides 0.8^k and 0.9^k. Beyond the wall at k the state still passes, but training sees no gradient.",
		"tab goes through the views: a map of all units, the two sources at each step, Jacobians, truncation, the terms of W_hh's gradient, clipping. The knobs below act on the running model.",
	}},
	Views: [7]string{"flow", "map", "sources", "Jacobians", "truncation", "terms of W_hh", "clipping"},
	Titles: [7]string{
		"gradient of the last loss, by lag", "gradient of the last loss, unit by step", "dL/dh at each step, from its two sources",
		"what the recurrence does in a step", "a wall every k steps", "dL/dW_hh is a sum of one term a step", "gradient norms before clipping",
	},
	Lag: "lag k, steps back", Step: "step", Window: "window k", Index: "index",
	Now: "now", Initial: "at the start", Fitted: "fit", CellLine: "of c, now", LayerLine: "layer %d",
	Wall: "k=%d: state passes, gradient stops", ShortWall: "k=%d: gradient stops", Waiting: "following the gradient back …",
	Update: "weights of update %s", Over: "%d windows, ", OverOne: "one window, ", FitsAll: "fits over all %d steps", FitsHeld: "fits over %d of %d steps, the rest too faint", Rate: "%s a step (fit)", HalfLife: "half-life %s steps (fit)",
	Endless: "does not fall", Vanishes: "-", At: "after %d steps: %s left", AtFaint: "after %d steps: <%s (float32 underflows)",
	Layer: "layer %d of %d", Renewed: "every %s s; takes %s ms", Still: "up to date", Resumed: "these weights were not drawn here", Seconds: "%s s",
	Output: "this step's output", OutputBelow: "the layer above", Future: "the future", Cosine: "cosine between them, -1 low to +1 high",
	Residual:   "sum against the engine's own dL/dh: off by %s of its largest element",
	DynamicsOf: "recurrence of update %s:",
	Radius:     "spectral radius of %s", Sigma: "largest σ of %s: %s, mean of %d steps", Spectrum: "%s at step %d: σ %s … %s", Prime: "a prime is the step before",
	Slope: "mean %s %s", Lyapunov: "Lyapunov", PerStep: "%s a step",
	Product: "product of Jacobians", Measured: "measured gradient", ForgetOnly: "forget gates alone", CellMeasured: "measured dL/dc",
	Asked: "of update %s, took %s", Busy: "being measured: %s", Swept: "step by step, from the loss on the right back to the start",
	MapScale: "log10 |dL/dh|", Kept: "cosine with the whole", CutOff: "share cut off", Cut: "k=%d, all losses: cosine %s, cuts off %s",
	CutLast: "of the last loss alone: a window of %d has cosine %s, cuts off %s",
	Cost:    "what an update costs", CostAsk: "m measures what an update costs by k", CostNote: "%d streams, one thread, shortest of 3; beside training",
	TermNorm: "norm of the term", TermCosine: "cosine with the sum, -1 low to +1 high", Exercise: "one term a step, a outer h: the farther back, the smaller; the wall drops all beyond k",
	Histogram: "updates by norm; threshold %s", Above: "%s of %s updates are above it; %s were clipped", NoClip: "nothing is clipped",
	ByNorm: "clipped by norm to half: turned by %s°, %s left", ByValue: "by value to the same: turned by %s°, %s cut",
	Agrees: "agrees with central differences in float64 to within %s (%s)", Differs: "differs from central differences in float64 by %s (%s)", CheckNothing: "central differences can tell nothing here (%s)", CheckFaint: "too small for them: lag %s", CheckSure: "too sure a model for float32: lag %s", CheckParted: "float32 and float64 part on the way: lag %s", CheckHead: "lag: gradient, differences",
	Knobs: "knobs", KnobLayer: "layer", KnobSteps: "follow", KnobWall: "wall k", KnobRadius: "radius", KnobForget: "forget", KnobRedraw: "redraw", Apply: "⏎", OnlyOf: "LSTM only", Top: "top",
	Rules: map[string]string{"pytorch": "uniform", "orthogonal": "orthogonal", "identity": "identity"},
	Broke: "W_hh is drawn anew, with a radius at which gradients grow; nothing is clipped; H takes it back", Healed: "the weights before the last surgery are back", Checking: "holding the gradient against central differences", Costing: "measuring what an update costs by k",
	Diverged: "diverged: b goes back with clip 1; screen 1 tells the story",
	View:     Action{"view", "next view"}, Prev: Action{"view before", "the view before"},
	Up: Action{"up", "the knob above"}, Down: Action{"down", "the knob below"},
	Left: Action{"less", "turn the knob down"}, Rightk: Action{"more", "turn the knob up"},
	Do:    Action{"apply", "do to W_hh or the forget gates what the knob says"},
	Break: Action{"break it", "W_hh redrawn, radius 1.5 or what it takes for gradients to grow, no clipping"}, Heal: Action{"heal", "take the last surgery back"},
	Back:      Action{"go back", "after divergence: go back, with clipping at 1"},
	OthersKey: Action{"other cells", "train an RNN, a GRU and an LSTM on the same batches, and draw their gradients too"},
	Others:    "other cells of %d units, update %s", OthersRace: "RNN, GRU and LSTM train on the same batches, beside this model and slowing it, while this screen is open", OthersWait: "the other cells begin …",
	CheckKey: Action{"check", "hold the gradient against central differences in float64"}, CostKey: Action{"cost", "measure time and memory of an update against k"},
	Renew: Action{"renew", "measure Jacobians or truncation anew, now"}, State: Action{"h or c", "gradient by the hidden state h, or also by the cell state c"},
	Pause: Action{"pause", "pause training, or go on"}, Layerk: Action{"layer", "next layer"},
}

var chineseGradients = Gradients{
	Tab: Tab{"梯度", "梯度：损失能影响多远以前", [3]string{
		"把一步的损失往回追：它对 k 步之前隐藏状态的梯度范数，纵轴取对数。直线表示每步按同一倍数下降。",
		"可与初始化时的曲线以及参考线 0.8^k、0.9^k 对照。过了 k 处的墙，状态仍会传过去，但训练得不到梯度。",
		"tab 切换视图：所有单元的梯度图、每步的两个来源、雅可比矩阵、截断、W_hh 梯度的各项、裁剪。下面的旋钮直接作用于正在训练的模型。",
	}},
	Views: [7]string{"衰减", "全图", "来源", "雅可比", "截断", "W_hh 各项", "裁剪"},
	Titles: [7]string{
		"最后一步损失的梯度，按间隔", "最后一步损失的梯度：每个单元、每一步", "每步的 dL/dh 来自两处",
		"递归一步做了什么", "每 k 步一堵墙", "dL/dW_hh 是每步一项之和", "裁剪前的梯度范数",
	},
	Lag: "间隔 k，往回的步数", Step: "步", Window: "窗口 k", Index: "序号",
	Now: "现在", Initial: "初始化时", Fitted: "拟合", CellLine: "对 c，现在", LayerLine: "第 %d 层",
	Wall: "k=%d：状态通过，梯度止步", ShortWall: "k=%d：梯度止步", Waiting: "正在往回追踪梯度……",
	Update: "更新 %s 的权重", Over: "%d 个窗口，", OverOne: "1 个窗口，", FitsAll: "拟合用全部 %d 步", FitsHeld: "拟合用 %d 步，共 %d 步，其余过于微弱", Rate: "每步 %s 倍（拟合）", HalfLife: "半衰期 %s 步（拟合）",
	Endless: "不下降", Vanishes: "无", At: "%d 步后剩下 %s", AtFaint: "%d 步后剩下 <%s（float32 下溢）",
	Layer: "第 %d 层，共 %d 层", Renewed: "每 %s 秒更新，用时 %s 毫秒", Still: "已是最新", Resumed: "这些权重不是在此初始化的", Seconds: "%s 秒",
	Output: "来自本步输出", OutputBelow: "来自上一层", Future: "来自未来", Cosine: "两者夹角的余弦，低为 -1，高为 +1",
	Residual:   "两者之和与引擎自己的 dL/dh 相差：最大元素的 %s",
	DynamicsOf: "更新 %s 的递归：",
	Radius:     "谱半径 %s", Sigma: "%s 的最大奇异值 %s，%d 步平均", Spectrum: "%s，第 %d 步：σ %s … %s", Prime: "撇号是前一步",
	Slope: "平均 %s %s", Lyapunov: "李雅普诺夫", PerStep: "每步 %s 倍",
	Product: "雅可比之积", Measured: "实测梯度", ForgetOnly: "仅遗忘门", CellMeasured: "实测 dL/dc",
	Asked: "更新 %s，用时 %s", Busy: "测量中：%s", Swept: "一步一步，从右端的损失往回到开头",
	MapScale: "对数 log10 |dL/dh|", Kept: "与完整梯度的余弦", CutOff: "截去的份额", Cut: "k=%d，全部损失：余弦 %s，截去 %s",
	CutLast: "只看最后一步损失：窗口 %d 的余弦 %s，截去 %s",
	Cost:    "一次更新的代价", CostAsk: "按 m 测量不同 k 下一次更新的代价", CostNote: "%d 条流，单线程，三次取最短；与训练同时进行",
	TermNorm: "各项的范数", TermCosine: "与总和的余弦，低为 -1，高为 +1", Exercise: "每步一项，a 与 h 的外积：越往回越小；墙把 k 以外的全部丢掉",
	Histogram: "更新按范数的分布；阈值 %s", Above: "%s 的更新（共 %s 次）超过它；实际裁剪了 %s", NoClip: "没有裁剪",
	ByNorm: "按范数裁到一半：转了 %s°，剩下 %s", ByValue: "按值裁到同样长度：转了 %s°，裁掉 %s",
	Agrees: "与 float64 中心差分一致，相差不超过 %s（%s）", Differs: "与 float64 中心差分不一致，相差 %s（%s）", CheckNothing: "中心差分在这里无从判断（%s）", CheckFaint: "小到测不出：间隔 %s", CheckSure: "模型太有把握，float32 位数不够：间隔 %s", CheckParted: "float32 与 float64 中途分道：间隔 %s", CheckHead: "间隔：梯度 差分",
	Knobs: "旋钮", KnobLayer: "层", KnobSteps: "追踪", KnobWall: "墙 k", KnobRadius: "谱半径", KnobForget: "遗忘", KnobRedraw: "重抽", Apply: "⏎ 执行", OnlyOf: "仅 LSTM 可用", Top: "顶层",
	Rules: map[string]string{"pytorch": "均匀", "orthogonal": "正交", "identity": "单位阵"},
	Broke: "W_hh 已重抽，谱半径大到梯度会增长，且不再裁剪；按 H 恢复", Healed: "已恢复上次手术之前的权重", Checking: "正在与中心差分比对", Costing: "正在测量不同 k 下一次更新的代价",
	Diverged: "已发散：按 b 退回并把裁剪设为 1；详情在屏幕 1",
	View:     Action{"视图", "下一个视图"}, Prev: Action{"上一视图", "上一个视图"},
	Up: Action{"上", "上一个旋钮"}, Down: Action{"下", "下一个旋钮"},
	Left: Action{"调小", "调小旋钮"}, Rightk: Action{"调大", "调大旋钮"},
	Do:    Action{"执行", "按旋钮所示改动 W_hh 或遗忘门"},
	Break: Action{"弄坏", "重抽 W_hh，谱半径从 1.5 起直到梯度增长，不裁剪"}, Heal: Action{"复原", "撤销上一次手术"},
	Back:      Action{"退回", "发散之后：退回，裁剪设为 1"},
	OthersKey: Action{"其他单元", "用同样的批次训练 RNN、GRU 和 LSTM，并画出它们的梯度"},
	Others:    "其他单元，各 %d 个单元，更新 %s", OthersRace: "RNN、GRU 和 LSTM 正用同样的批次训练，只要此屏幕打开就会拖慢本模型", OthersWait: "正在准备其他单元…",
	CheckKey: Action{"比对", "用 float64 中心差分检验梯度"}, CostKey: Action{"代价", "测量不同 k 下一次更新的时间和内存"},
	Renew: Action{"重测", "现在重新测量雅可比或截断"}, State: Action{"h 或 c", "只看对隐藏状态 h 的梯度，或也看对细胞状态 c 的"},
	Pause: Action{"暂停", "暂停训练，或继续"}, Layerk: Action{"层", "下一层"},
}
