package words

// LagLab are the words of the screen of experiments on long dependencies.
type LagLab struct {
	Tab Tab

	Grid, Setup, Chosen, Curve, ChosenNote string
	Fields                                 [11]string // in the order of the rows
	Presets                                map[string]string
	Tasks                                  map[string]string // what each asks
	Empty                                  string            // %s: the task
	Solved, Failed, Runs, Waits            string
	Progress                               string // %d %d %d: done, of, at a time
	Took, Left                             string // %s
	Kept                                   string // %s
	Stopped                                string
	Shares                                 string
	Row, RatioHead                         string
	CellTitle                              string // %s %d: row, lag
	SolvedOf                               string // %d %d
	Updates                                string // %s
	Arrives                                string // %s %d
	Predicted, PredictedShort              string // %s
	Observed                               string // %d
	ObservedNone, ObservedAll              string // %d
	Never                                  string
	Accuracy                               string // %s
	AxisUpdate, AxisLoss                   string
	Chance, Optimum                        string
	Seed                                   string // %d
	NoCurve                                string
	ResumeAsk                              string
	NoLogs                                 string
	Reason                                 string // %s
	Typing                                 string
	AskAnew                                string // %d: all trials
	AskRest                                string // %d %d: done, of

	Start, Focus, Up, Down, Left1, Rightk, Open, Edit, Preset, ResumeKey, Fewer, More Action
}

var englishLagLab = LagLab{
	Tab: Tab{"Lag lab", "Lag lab: see memory fail, and see why", [3]string{
		"Each trial trains a small network on a task whose answer depends on what it saw so many steps ago. Rows are cells and their initialisation, columns are lags; a cell has a sign for each seed.",
		"Solved means an accuracy of 0.99 (of the adding task a mean squared error below 0.01) on 400 fresh sequences; the number is the median of the updates that took. Failed means not within the limit.",
		"Before training, the gradient that arrives at the step that matters and the lag at which a thousandth would be left are measured: the prediction. Which row solves which lag is the outcome.",
	}},
	Grid: "solved by seed, median of updates", Setup: "experiment", Chosen: "chosen cell", Curve: "loss on fresh sequences", ChosenNote: "⏎ opens its curve",
	Fields:  [11]string{"preset", "task", "lags", "cells", "init", "forget bias", "rate", "seeds", "updates", "units", "at a time"},
	Presets: map[string]string{"lecture": "the lecture's", "adding": "adding", "recall": "recall", "": "own"},
	Tasks: map[string]string{
		"adding": "add two marked numbers of a long sequence", "order": "tell in which order two rare symbols came", "recall": "say the first symbol again after a fixed lag",
		"recall-mixed": "say it again, trained on all lags up to that", "copy": "say ten symbols again after a pause", "reber": "close the embedded Reber grammar with its first letter",
	},
	Empty:  "Which cell remembers for how long? space starts the experiment on the right: %s. n takes another one; the arrows change it, ⏎ types a value.",
	Solved: "solved", Failed: "failed", Runs: "runs", Waits: "waits",
	Progress: "%d of %d trials, %d at a time", Took: "%s", Left: "about %s left at most", Kept: "in %s", Stopped: "stopped",
	Shares: "It shares the machine with training; p pauses that.",
	Row:    "cell, init", RatioHead: "arrives", CellTitle: "%s, lag %d", SolvedOf: "%d of %d seeds solved it", Updates: "median %s updates",
	Arrives: "at the start %s of the gradient arrives, %d steps back", Predicted: "predicted horizon: lag %s (a thousandth left)", PredictedShort: "predicted: lag %s, 0.001 left", Observed: "observed: solved up to lag %d",
	ObservedNone: "observed: no lag is solved", ObservedAll: "observed: all lags, up to %d", Never: "predicted horizon: none, the gradient does not fall", Accuracy: "accuracy %s at the end",
	AxisUpdate: "update", AxisLoss: "loss", Chance: "chance", Optimum: "optimum", Seed: "seed %d", NoCurve: "No trial of this cell has been examined yet.",
	ResumeAsk: "log to go on with; enter takes it, esc cancels", NoLogs: "there is no log in this folder yet", Reason: "ended early: %s", Typing: "comma-separated values: type to replace, arrow to edit; enter takes them, esc cancels",
	AskAnew: "all %d trials are done: space again does them anew", AskRest: "%d of %d trials are done: o goes on with their log, space again begins anew",
	Start: Action{"start/stop", "start the experiment, or stop it; what is finished is kept"}, Focus: Action{"pane", "grid or experiment"},
	Up: Action{"up", "row above"}, Down: Action{"down", "row below"}, Left1: Action{"left", "in the grid: a shorter lag; in the experiment: another value"}, Rightk: Action{"right", "in the grid: a longer lag; in the experiment: another value"},
	Open: Action{"open", "in the grid: the curve of the cell, or back; in the experiment: type the value"}, Edit: Action{"type", "type the value"},
	Preset: Action{"preset", "the next known experiment"}, ResumeKey: Action{"resume", "go on with a log"},
	Fewer: Action{"fewer", "fewer trials at a time"}, More: Action{"more", "more trials at a time"},
}

var chineseLagLab = LagLab{
	Tab: Tab{"长程实验", "长程实验：看记忆怎样失效，以及为什么", [3]string{
		"每次试验训练一个小网络，任务的答案取决于许多步之前看到的东西。行是单元及其初始化，列是间隔；每个种子一个符号。",
		"解决：在 400 条新序列上正确率达 0.99（加法任务：均方误差低于 0.01）；数字是所需更新次数的中位数。失败：在限度内没有做到。",
		"训练之前先测出传到关键那一步的梯度，以及剩下千分之一时的间隔：这是预测。哪一行解决哪个间隔：这是结果。",
	}},
	Grid: "各种子解决与否，更新次数中位数", Setup: "实验", Chosen: "所选的格", Curve: "新序列上的损失", ChosenNote: "⏎ 打开曲线",
	Fields:  [11]string{"预设", "任务", "间隔", "单元", "初始化", "遗忘偏置", "学习率", "种子数", "更新上限", "单元数", "同时进行"},
	Presets: map[string]string{"lecture": "课上的实验", "adding": "加法", "recall": "回忆", "": "自定"},
	Tasks: map[string]string{
		"adding": "把长序列中两个做了记号的数相加", "order": "说出两个稀有符号的先后", "recall": "隔固定步数后说出第一个符号",
		"recall-mixed": "同上，但用所有更短的间隔训练", "copy": "停顿之后重复十个符号", "reber": "用开头的字母结束嵌套 Reber 文法",
	},
	Empty:  "哪种单元能记多久？按空格开始右边的实验：%s。按 n 换一个；用方向键修改，按 ⏎ 输入数值。",
	Solved: "解决", Failed: "失败", Runs: "进行中", Waits: "等待",
	Progress: "已完成 %d / %d 次试验，同时 %d 个", Took: "已用 %s", Left: "至多还需约 %s", Kept: "存于 %s", Stopped: "已停止",
	Shares: "实验与训练共用机器；按 p 可暂停训练。",
	Row:    "单元与初始化", RatioHead: "到达", CellTitle: "%s，间隔 %d", SolvedOf: "%d / %d 个种子解决", Updates: "更新次数中位数 %s",
	Arrives: "开始时有 %s 的梯度传到 %d 步之前", Predicted: "预测的视野：间隔 %s（剩千分之一）", PredictedShort: "预测：间隔 %s（剩千分之一）", Observed: "实测：解决到间隔 %d",
	ObservedNone: "实测：所试间隔都没有解决", ObservedAll: "实测：解决到间隔 %d，即所试最长", Never: "预测的视野：没有尽头，梯度不下降", Accuracy: "最后正确率 %s",
	AxisUpdate: "更新", AxisLoss: "损失", Chance: "乱猜", Optimum: "最优值", Seed: "种子 %d", NoCurve: "这一格还没有任何试验接受过检验。",
	ResumeAsk: "要接着做的日志；回车确认，Esc 放弃", NoLogs: "这个目录里还没有日志", Reason: "提前结束：%s", Typing: "用逗号分隔的值，直接输入或先按方向键再修改；回车确认，Esc 放弃",
	AskAnew: "%d 次试验都已做完：再按一次空格，全部重做", AskRest: "已做完 %d / %d 次试验：按 o 接着做这份日志，再按一次空格则从头开始",
	Start: Action{"开始/停止", "开始实验，或停止；做完的会保留"}, Focus: Action{"窗格", "表格或实验设置"},
	Up: Action{"上", "上一行"}, Down: Action{"下", "下一行"}, Left1: Action{"左", "表格中：更短的间隔；设置中：换一个值"}, Rightk: Action{"右", "表格中：更长的间隔；设置中：换一个值"},
	Open: Action{"打开", "表格中：这一格的曲线，或返回；设置中：输入值"}, Edit: Action{"输入", "输入值"},
	Preset: Action{"预设", "下一个已知实验"}, ResumeKey: Action{"继续", "接着做一份日志"},
	Fewer: Action{"减少", "同时少做一个"}, More: Action{"增加", "同时多做一个"},
}
