package words

// zhLag are the messages of gradients and of the lag lab.
var zhLag = map[string]string{
	"%s must be a whole number, not %q": "%s 必须是整数，不能是 %q",
	"%s must be a number, not %q":       "%s 必须是数，不能是 %q",
	"the training text is shorter than the window that gradients are followed through": "训练文本比追踪梯度的窗口还短",
	"the spectral radius must be a number above 0, not %v":                             "谱半径必须是大于 0 的数，不能是 %v",
	"only an LSTM has a forget gate":                                                   "只有 LSTM 有遗忘门",
	"nothing was done to these weights by hand, so that there is nothing to take back": "还没有对这些权重动过手术，没有什么可以撤销",

	"windows must be 1 or more, not %d":   "windows 不能小于 1，现在是 %d",
	"window must be from 1 to %d, not %d": "window 必须在 1 到 %d 之间，不能是 %d",
	"%s has no layer %d":                  "%s 没有第 %d 层",
	"layers are 0 to %d":                  "层的编号是 0 到 %d",
	"for instance --truncate 1,5,10,20":   "例如 --truncate 1,5,10,20",
	"nothing to save":                     "没有需要保存的内容",
	"try --window %d":                     "可以试试 --window %d",
	"%s: %d of %d":                        "%s：%d / %d",
	"gradients":                           "梯度",
	"gradients at initialisation":         "初始化时的梯度",
	"Jacobians":                           "雅可比矩阵",
	"forget gates":                        "遗忘门",
	"central differences":                 "中心差分",
	"truncation":                          "截断",
	"--ids needs two ids at least: one to read and one to predict":                                            "--ids 至少要两个编号：一个读入，一个预测",
	"--ids gives the one window, so there can be no TEXT, --window or --windows":                              "--ids 给出的就是唯一的窗口，不能再给 TEXT、--window 或 --windows",
	"truncate must be numbers of steps by comma, not %q":                                                      "truncate 必须是用逗号隔开的步数，不能是 %q",
	"%s: %s has a weight that is not finite, so that no gradient can be followed":                             "%s：%s 中有一个权重不是有限的数，无法追踪梯度",
	"take the weights of an earlier save, such as best.safetensors in the run":                                "请改用较早保存的权重，例如运行目录中的 best.safetensors",
	"%s: the training split has %s tokens, and a window of %d needs %d":                                       "%s：训练部分有 %s 个词元，而长 %d 的窗口需要 %d 个",
	"every window ends before a symbol that the model does not know, so that there is no loss to follow back": "每个窗口后面都是模型不认识的符号，没有可以往回追踪的损失",
	"try another --window, or a text that the model knows":                                                    "请换一个 --window，或换一个模型认识的文本",

	"gradient of the last step's loss by h: layer %d, %s of %d units": "最后一步的损失对 h 的梯度：第 %d 层，%s，%d 个单元",
	"%d windows of %d steps, geometric means":                         "%d 个窗口，每个 %d 步，几何平均",
	" (%d more end in an unknown symbol)":                             "（另有 %d 个窗口以不认识的符号结束）",
	"lag":                                                             "间隔",
	"at init":                                                         "初始化",
	"* now   o at initialisation   : 0.8^k":                           "* 现在   o 初始化时   : 0.8^k",
	"%.4g per step, half-life %.3g steps":                             "每步 %.4g 倍，半衰期 %.3g 步",
	"%.4g per step; no half-life: %s":                                 "每步 %.4g 倍；没有半衰期：%s",
	"fitted":                                                          "拟合",
	"at initialisation":                                               "初始化时",
	"%.4g per step":                                                   "每步 %.4g 倍",
	"spectral radius":                                                 "谱半径",
	"Jacobian":                                                        "雅可比矩阵",
	"largest singular value %.3f, mean of %d steps":                   "最大奇异值 %.3f，%d 步的平均",
	"mean slope":                                                      "平均斜率",
	"%.3f of the nonlinearity that h passes":                          "%.3f（h 所经过的非线性函数）",
	"product":                                                         "连乘",
	"of %d Jacobians has norm e^%.1f: %.4g per step":                  "%d 个雅可比矩阵之积的范数为 e^%.1f：每步 %.4g 倍",
	"Lyapunov exponent":                                               "李雅普诺夫指数",
	"%.3f nats per step, the largest: %.4g per step":                  "每步 %.3f nat（最大的一个）：每步 %.4g 倍",
	"alone keep %.1e of dL/dc for %d steps; measured %.1e":            "单凭它们，dL/dc 经过 %[2]d 步剩下 %.1[1]e；实测 %.1[3]e",
	"a window of %d keeps 90 %% of dL/dW_hh, one of 1 drops %.0f %%":          "长 %d 的窗口保留 dL/dW_hh 的 90 %%，长 1 的丢掉 %.0f %%",
	"a wall every k steps, %d streams, all losses: dL/dW_hh beside the whole": "每 k 步一堵墙，%d 条数据流，全部损失：dL/dW_hh 与完整梯度相比",
	"cosine":                       "余弦",
	"cut off":                      "截去",
	"backward pass":                "反向传播",
	"central difference":           "中心差分",
	"apart":                        "相差",
	"the two agree to within %.0e": "两者一致，相差不超过 %.0e",
	"too small for a difference, known to %.0e":                            "小到测不出，差分只准到 %.0e",
	"the model is too sure for float32's digits":                           "模型太有把握，float32 位数不够",
	"float32 and float64 have parted on the way":                           "float32 与 float64 中途分道",
	"nothing can be held against each other here":                          "这里没有可以对照的",
	"the two DIFFER by %.0e":                                               "两者不一致，相差 %.0e",
	"the gradient's two sources, output and future, sum to it within %.0e": "梯度的两个来源（输出与未来）之和与它相差不超过 %.0e",

	"see rnnscope lag --help":     "请看 rnnscope lag --help",
	"%q is not one of its values": "%q 不是它的取值",
	"--resume goes on with the grid of its file, which --preset contradicts": "--resume 接着做文件里的那组实验，与 --preset 矛盾",
	"--resume appends to its own file, which --out contradicts":              "--resume 接着写自己的文件，与 --out 矛盾",
	"no grid is called %q": "没有名为 %q 的实验组",
	"%s: is there already": "%s：已经存在",
	"go on with it: rnnscope lag --resume %s; or name another --out": "接着做：rnnscope lag --resume %s；或换一个 --out",
	"%d of %d trials are in %s already":                              "%[3]s 中已有 %[1]d 个试验（共 %[2]d 个）",
	"no trial had been finished, so nothing was saved":               "还没有做完一个试验，所以没有保存",
	"%d of %d trials are in %s; go on with rnnscope lag --resume %s": "%[3]s 中已有 %[1]d 个试验（共 %[2]d 个）；继续：rnnscope lag --resume %[4]s",
	"\nresults and curves are in %s":                                 "\n结果和曲线保存在 %s",
	"%d of %d trials, %.0f s":                                        "试验 %d / %d，%.0f 秒",
	"; %s: update %s, loss %s":                                       "；%s：更新 %s，损失 %s",
	"not in %s updates, loss %s":                                     "%s 次更新内没有学会，损失 %s",
	"solved at update %s":                                            "第 %s 次更新时学会",
	"%s seed %d: %s, %.1f s":                                         "%s 种子 %d：%s，%.1f 秒",
	"%s, lag %d: %s":                                                 "%s，间隔 %d：%s",
	"cell":                                                           "单元",
	"init":                                                           "初始化方式",
	"solved":                                                         "学会",
	"updates":                                                        "更新",
	"loss":                                                           "损失",
	"arrives":                                                        "到达",
	"horizon":                                                        "视界",
	"%d of %d":                                                       "%d / %d 个",
	"\nmedians over seeds; updates are those of the solved":                  "\n各种子的中位数；更新次数只计学会的",
	"%s needs a value at least":                                              "%s 至少要有一个值",
	"seeds must be 1 or more, not %d":                                        "seeds 不能小于 1，现在是 %d",
	"%.3g trials are too many: the most is %d; make a list or seeds shorter": "%.3g 个试验太多，最多 %d 个；请缩短某个列表或减小 seeds",
	"%s: %w": "%s：%w",
	"no trial has been finished in this file":                                     "这个文件里没有做完的试验",
	"line %d is no result of a trial: %v":                                         "第 %d 行不是试验的结果：%v",
	"line %d is no result of a trial: it names no task and cell":                  "第 %d 行不是试验的结果：没有写明任务和单元",
	"longer than %d bytes":                                                        "超过 %d 个字节",
	"there is no window at epoch %d, offset %d":                                   "第 %d 轮偏移 %d 处没有窗口",
	"task must be one of %v, not %q":                                              "task 只能是 %v 之一，不能是 %q",
	"lag of the %s task must be from %d to %d, not %d":                            "%s 任务的 lag 必须在 %d 到 %d 之间，不能是 %d",
	"input must be onehot or embedding, not %q":                                   "input 只能是 onehot 或 embedding，不能是 %q",
	"a batch of %d sequences of %d steps is too large; make batch or lag smaller": "一批 %d 个、每个 %d 步的序列太大；请减小 batch 或 lag",
	"there is no step to look at":                                                 "没有可以查看的时间步",
	"the singular values of the Jacobian at step %d did not converge":             "第 %d 步的雅可比矩阵的奇异值计算没有收敛",
	"the singular values of the product of %d Jacobians did not converge":         "%d 个雅可比矩阵之积的奇异值计算没有收敛",
}

// zhLagPhrases are the help of the two commands and what they keep as data.
var zhLagPhrases = map[string]string{
	"Question flags:": "提问选项：",

	"Gradient norms against lag, and the Jacobian story": "梯度范数随间隔的变化，以及雅可比矩阵的说明",
	`Measure how far back the gradient of one step's loss reaches.

For the last step T of a window, the 2-norm of the gradient of -log p_T with
respect to the hidden state k steps earlier, for k = 0, 1, …; only that loss is
seeded, and it is not divided by anything. Windows start at 0, K, 2K, … of the
training split, each from a zero state. Beside it: the factor per step and the
half-life of a fitted line, and of the recurrence itself the spectral radius of
W_hh, the singular values of its Jacobians, the norm of their product, the
largest Lyapunov exponent. With --ids the window is given by token ids, of which
the last is the target.`: `测量一步的损失的梯度能往回传多远。

对窗口的最后一步 T，取 -log p_T 对 k 步之前的隐藏状态的梯度的 2 范数，k = 0、1、……；只从这一步的损失出发，不除以任何数。窗口从训练部分的第 0、K、2K……个词元开始，每个都从零状态读起。同时给出：拟合直线的每步倍数和半衰期；循环本身的 W_hh 谱半径、雅可比矩阵的奇异值、它们的乘积的范数、最大李雅普诺夫指数。用 --ids 时，窗口由词元编号给出，最后一个编号是目标。`,
	"layer to look at, from 0": "要查看的层，从 0 数起",
	"the top one":              "最上面一层",
	"windows to average over":  "取平均的窗口数",
	"steps of a window, K":     "窗口的步数 K",
	"the run's, or 64":         "运行自己的，或 64",
	"token ids by comma instead of a text; the last is the target":                                    "用逗号隔开的词元编号，代替文本；最后一个是目标",
	"hold the gradient against central differences in float64, and its two sources against their sum": "用 float64 的中心差分核对梯度，并核对它的两个来源之和",
	"windows k by comma: what a wall every k steps does to the gradient of an update":                 "用逗号隔开的窗口长度 k：每 k 步一堵墙对一次更新的梯度有何影响",

	"Experiments on long dependencies: task x cell x lag x seed": "长程依赖实验：任务 x 单元 x 间隔 x 种子",
	`Train on tasks whose answers depend on what was seen long ago, and see which
cells learn them, from which initialisation and at which rate. Every combination
of the lists is a trial; one runs on each thread. A trial ends when it is
solved: 400 fresh sequences, drawn anew every 50 updates, with an accuracy of
0.99, of the adding task a mean squared error below 0.01. Before training,
"arrives" is how much of the gradient of an answer reaches the step it depends
on, and "horizon" the lag at which a thousandth would be left of it.

Tasks, and the lag each is tried at when none is given:
  adding        add two marked numbers of a long sequence (50)
  order         tell in which order two rare symbols came (50)
  recall        say the first symbol again after a fixed lag (20)
  recall-mixed  the same, trained on all lags up to that (20)
  copy          say ten symbols again after a pause (20)
  reber         close the embedded Reber grammar with its first letter (20)

Preset lecture: remember the first symbol, say it at the end; RNN against LSTM.

Results are appended to a file as they come; --resume goes on with a grid that
was stopped, and with other flags beside it, extends it.`: `在答案取决于很久以前所见内容的任务上训练，看哪些单元、用哪种初始化和学习率能学会。各列表的每个组合是一个试验，每个线程做一个。学会即结束：每 50 次更新重新抽取 400 个序列，准确率达到 0.99；adding 任务则要均方误差低于 0.01。训练之前，“到达”是答案的梯度有多少传到它所依赖的那一步，“视界”是梯度只剩千分之一的间隔。

任务，括号里是不指定时的间隔：
  adding        把长序列中两个有标记的数相加（50）
  order         说出两个少见符号的先后（50）
  recall        隔固定的步数再说出第一个符号（20）
  recall-mixed  同上，用不超过它的各种间隔训练（20）
  copy          停顿之后重复十个符号（20）
  reber         用首字母收尾嵌入式 Reber 文法（20）

预设 lecture：记住第一个符号，最后说出来；RNN 对 LSTM。

结果随到随写入文件；--resume 接着做中断的一组实验，加上别的选项还能扩充它。`,
	"start from a known grid: lecture":                        "从一组已知的实验开始：lecture",
	"tasks: adding, order, recall, recall-mixed, copy, reber": "任务：adding、order、recall、recall-mixed、copy、reber",
	"cells":                       "循环单元",
	"of the rnn cell: tanh, relu": "rnn 单元的激活函数：tanh、relu",
	"first weights: pytorch, uniform:A, orthogonal, identity, gain:G": "权重初始化：pytorch、uniform:A、orthogonal、identity、gain:G",
	"of the lstm cell: numbers, or drawn":                             "lstm 遗忘门的偏置：数，或 drawn（随初始化抽取）",
	"steps between a symbol and what depends on it":                   "一个符号与取决于它的答案之间的步数",
	"each task's usual one":                                           "各任务惯用的",
	"learning rates, of Adam":                                         "Adam 的学习率",
	"seeds 1 … N":                                                     "种子 1 … N",
	"give a trial up after this many updates":                         "做这么多次更新还没学会就放弃",
	"sequences of an update":                                          "每次更新的序列数",
	"units":                                                           "单元数",
	"symbols are read as onehot or by a learnt embedding of 16":       "符号的读入方式：onehot，或 16 维的可学嵌入 embedding",
	"file of the results, JSON lines":                                 "保存结果的文件，每行一个 JSON",
	"go on with the grid of this file":                                "接着做这个文件里的一组实验",
	"trials side by side":                                             "并排进行的试验数",
	"print one JSON object a line for every trial":                    "每个试验打印一行 JSON 对象",

	"add two marked numbers of a long sequence":              "把长序列中两个有标记的数相加",
	"tell in which order two rare symbols came":              "说出两个少见符号的先后",
	"say the first symbol again after a fixed lag":           "隔固定的步数再说出第一个符号",
	"the same, trained on all lags up to that":               "同上，用不超过它的各种间隔训练",
	"say ten symbols again after a pause":                    "停顿之后重复十个符号",
	"close the embedded Reber grammar with its first letter": "用首字母收尾嵌入式 Reber 文法",
	"the gradient does not fall":                             "梯度并不减小",
	"there are fewer than two lags to fit":                   "可以拟合的间隔不到两个",
}
