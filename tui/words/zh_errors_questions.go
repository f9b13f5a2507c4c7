package words

// zhErrorsOfQuestions are the errors of n-grams, of questions to a network and
// of pictures.
var zhErrorsOfQuestions = map[string]string{
	"%d tokens are too many to count: at most %d":                                                    "%d 个词元太多，无法计数：至多 %d 个",
	"smoothing must be one of %s, not %q":                                                            "smoothing 只能是 %s 之一，不能是 %q",
	"what smoothing adds must be a number above 0, as in add:0.1, not %q":                            "平滑所加的必须是大于 0 的数，例如 add:0.1，不能是 %q",
	"the text has no end of line, so its lines cannot be sentences":                                  "文本中没有行尾，所以不能以行为句子",
	"no n-gram has count %d":                                                                         "没有计数为 %d 的 n-gram",
	"the discount of count %d would be %.4g":                                                         "计数 %d 的折扣会是 %.4g",
	"the counts of counts give shares between 0 and 1 up to k = %d only":                             "由计数的计数得出的比例，只在 k = %d 以内才落在 0 和 1 之间",
	"simple Good-Turing needs two different counts at least":                                         "简单 Good-Turing 至少需要两种不同的计数",
	"simple Good-Turing needs something that was seen once":                                          "简单 Good-Turing 需要有只出现一次的内容",
	"no discount is between 0 and 1: c(h)+1 in the place of c(h) is left to the unseen":              "没有一个折扣落在 0 和 1 之间：用 c(h)+1 代替 c(h)，余下的给没见过的内容",
	"simple Good-Turing does not hold: the line through the counts of counts is not steeper than -1": "简单 Good-Turing 不成立：对计数的计数拟合的直线，斜率没有低于 -1",

	"there is no layer %d: this model's layers are 0 to %d":                             "没有第 %d 层：这个模型的层编号从 0 到 %d",
	"layer %d has no unit %d: its units are 0 to %d":                                    "第 %d 层没有单元 %d：它的单元编号从 0 到 %d",
	"the state put in place is not of a model of this size":                             "代入的状态与这个模型的大小不符",
	"the token asked about has id %d; this model's ids are 0 to %d":                     "所问词元的编号是 %d；这个模型的编号从 0 到 %d",
	"the selection must lie in the sentence and hold a token: %d to %d of %d":           "选区必须在句子之内，并且至少有一个词元：现在是 %d 到 %d，句长 %d",
	"the threshold must be above 0, not %v":                                             "阈值必须大于 0，不能是 %v",
	"a continuation is empty":                                                           "有一个续写是空的",
	"a continuation has a token that the model does not know, so it has no probability": "有一个续写含有模型不认识的词元，所以没有概率",
	"the model's states are not finite: nothing can be told from them":                  "模型的状态不是有限数：从中看不出任何东西",
	"%d tokens are too few to search: it takes %d":                                      "只有 %d 个词元，不够搜索：至少要 %d 个",

	"a picture cannot be written as %q":                         "图片不能存为 %q 格式",
	"choose svg, png or csv":                                    "请选 svg、png 或 csv",
	"a PNG of %d x %d pixels is too large (at most %d million)": "%d x %d 像素的 PNG 太大（至多 %d 百万像素）",
	"choose fewer pixels, or write SVG, which has no limit":     "请减少像素，或存为不受限制的 SVG",
	"%s: the picture cannot be written: %v":                     "%s：无法写入图片：%v",
	"make the directory %s, or choose another":                  "请建立目录 %s，或另选一个",
	"allow writing in %s, or choose another directory":          "请允许写入 %s，或另选一个目录",
	"make room on that disk, or choose another directory":       "请在那块磁盘上腾出空间，或另选一个目录",
	"choose another name or directory":                          "请另选一个名字或目录",
	"not a font":                                                "不是字体",
	"the font is too large":                                     "字体太大",
}
