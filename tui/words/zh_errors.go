package words

// zhErrors are the errors of models, training and sampling.
var zhErrors = map[string]string{
	"lang must be en or zh, not %q": "lang 只能是 en 或 zh，不能是 %q",

	"this machine or build cannot run the %s kernels; it can run %v": "这台机器或这个构建不能运行 %s 内核，可用的有 %v",
	"unknown kernels %q; there are %v":                               "没有名为 %q 的内核，可选 %v",

	"cell must be one of %v, not %q":                                                                       "cell 只能是 %v 之一，不能是 %q",
	"activation %s is for the %s cell only":                                                                "激活函数 %s 只用于 %s 单元",
	"activation must be tanh or relu, not %q":                                                              "activation 只能是 tanh 或 relu，不能是 %q",
	"%s must be from 1 to %d, not %d":                                                                      "%s 必须在 1 到 %d 之间，不能是 %d",
	"dropout must be at least 0 and below 1, not %v":                                                       "dropout 必须大于等于 0 且小于 1，不能是 %v",
	"tied weights need embed = hidden, not %d and %d":                                                      "共享权重要求 embed = hidden，现在分别是 %d 和 %d",
	"initialisation %s takes no value":                                                                     "初始化方式 %s 不带数值",
	"the eigenvalues of a %d x %d matrix did not converge":                                                 "%d x %d 矩阵的特征值计算没有收敛",
	"a %d x %d matrix has spectral radius %v and cannot be scaled":                                         "%d x %d 矩阵的谱半径为 %v，无法缩放",
	"a model of %.3g weights is too large: the most is %.3g; make hidden, embed or the vocabulary smaller": "模型有 %.3g 个权重，超过上限 %.3g；请减小 hidden、embed 或词表",
	"initialisation %s needs a number above 0 after a colon, as in %s:0.5":                                 "初始化方式 %s 的冒号后面要有一个大于 0 的数，例如 %s:0.5",
	"initialisation must be pytorch, uniform:A, orthogonal, identity or gain:G, not %q":                    "初始化方式只能是 pytorch、uniform:A、orthogonal、identity 或 gain:G，不能是 %q",

	"the logit of token %d is %v: the weights of the model are broken or far too large": "词元 %d 的 logit 是 %v：模型的权重已损坏，或者大得离谱",
	"temperature must be 0 (the most probable token) or a positive number, not %v":      "temperature 只能是 0（总取最可能的词元）或正数，不能是 %v",
	"top-k must be 0 (off) or a number of tokens, not %d":                               "top-k 只能是 0（不限）或词元个数，不能是 %d",
	"top-p must be between 0 and 1 (both are off), not %v":                              "top-p 必须在 0 和 1 之间（取 0 或 1 表示不限），不能是 %v",

	"forget-bias must be a number, not %v":                                                         "forget-bias 必须是一个数，不能是 %v",
	"schedule cosine needs to know the end: set updates or epochs":                                 "cosine 学习率计划需要知道终点：请设定 updates 或 epochs",
	"epochs and for must be 0 (no limit) or positive numbers, not %v and %v":                       "epochs 和 for 只能是 0（不限）或正数，不能是 %v 和 %v",
	"optimizer must be one of %v, not %q":                                                          "optimizer 只能是 %v 之一，不能是 %q",
	"schedule step needs an epoch and a factor, as in step:4,0.5":                                  "step 学习率计划需要轮数和系数，例如 step:4,0.5",
	"schedule must be constant, step:EPOCH,FACTOR or cosine, not %q":                               "schedule 只能是 constant、step:EPOCH,FACTOR 或 cosine，不能是 %q",
	"%s must be 0 (off) or a positive number, not %v":                                              "%s 只能是 0（关闭）或正数，不能是 %v",
	"%s must be a positive number, not %v":                                                         "%s 必须是正数，不能是 %v",
	"clip and clip-value contradict each other; set one of them":                                   "clip 和 clip-value 互相矛盾，只能设其中一个",
	"schedule step needs an epoch of 0 or more and a factor above 0 and up to 1, as in step:4,0.5": "step 学习率计划的轮数要大于等于 0，系数要大于 0 且不超过 1，例如 step:4,0.5",

	"%s must be from %d to %d, not %d": "%s 必须在 %d 到 %d 之间，不能是 %d",
	"loss became NaN":                  "损失变为 NaN",
	"loss became infinite":             "损失变为无穷大",
	"gradient became NaN":              "梯度变为 NaN",
	"gradient became infinite":         "梯度变为无穷大",
	"%s in %s":                         "%s（张量 %s）",
	"%s at update %d":                  "第 %[2]d 次更新时%[1]s",
	"--clip %g or %s":                  "--clip %g 或 %s",
	"try %s":                           "可以试试 %s",
	"try %s; %s":                       "可以试试 %s；%s",
	"the saved state is damaged: %w":   "保存的状态已损坏：%w",
	"average loss above %.3g for %d updates: %.3g":              "平均损失高于 %.3g 已有 %d 次更新，现为 %.3g",
	"%s (gradient norm %.3g the update before)":                 "%s（前一次更新的梯度范数为 %.3g）",
	"weights from update %d are in %s; try --resume %s with %s": "第 %d 次更新时的权重保存在 %s；可以试试 --resume %s，并加上 %s",
	"the checkpoint has %d values of %s, this run needs %d":     "检查点里 %[2]s 有 %[1]d 个数值，这次运行需要 %[3]d 个",
}
