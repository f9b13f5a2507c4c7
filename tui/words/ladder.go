package words

// Ladder are the words of the screen that puts models of every kind on one
// scale.
type Ladder struct {
	Tab       Tab
	Views     [5]string // rungs, wins, workbench, window, sentences
	Elsewhere string    // %s %s: key, views
	AllParts  string

	// The rungs.
	Uniform, Unigram   string
	Ngram              string // %d %s: order, smoothing
	Best               string // %s: the same, of its smoothing the best order
	Window             string // %d: tokens
	Network            string // %s: cell
	Published          string // %s: name
	Smoothings         map[string]string
	SmoothingHeads     map[string]string // of columns, at most 9 wide
	AddK               string            // %s
	Columns            [8]string         // model, ppl, nats, bits, size, bytes, time, update
	Table, All         string            // titles: one order a smoothing, all
	Scored             string            // %s %s: tokens, of
	Zeros              string            // %s: tokens with probability 0
	Diverged           string
	Phases             [7]string
	Share, LowPriority string // %d %d: threads of the ladder, of the training
	Counting           string // %s
	Racing             string // %s %.2f %s: update, epoch, tokens a second
	Alike              string // %d %d %d %d %s: hidden, embedding, batch, window, rate
	Dial, DialShort    string
	Grid               string
	Order              string // %d
	Race, RaceEmpty    string
	BestGram           string
	Source, NoValid    string
	NoText             string // of a run that is watched
	Overfit            string // %s %s: loss, update
	Ahead, Behind      string // %s %s %s

	// Which tokens each wins.
	WinsTitle           string // %s %s
	Mean                string // %s %s: nats, who
	ZeroTokens          string // %s %s: tokens, rung
	Frequency, Distance string
	Never               string
	For                 string // %s
	NoWins              string // %s: who has not been scored
	WinsWait, WinsOver  string // the same
	WinsOthers          string // %s %s %s %s: keys of A and of B
	Units               string
	TokenLine           string // %s %s: count, distance
	TokenShort          string // the same
	TokenNew            string // %s: count
	TokenNewShort       string // the same

	// The workbench.
	History, HistoryHint     string
	Uses                     string // %s %d: the history used, order
	NotCounted               string
	SeenTimes                string // %s
	NeverSeen                string // %d
	Next                     string
	Seen                     string
	Likelihood, Katz, Kneser string
	Moved, Unseen            string
	Storage                  string
	Possible                 string
	CountsTitle              string // %d
	Worth                    string
	KatzTo                   string // %d
	P0, P0Short              string // %s
	NoLine                   string
	Francisco                string
	FranciscoNote            string
	After, AfterShort        string // %s %s: count, contexts
	Typed                    string
	Unknown                  string // %d

	// The window.
	Text, TextHint string
	Sees           string // %d
	Padding, Cut   string
	Padded, CutOff string // %d
	Fits           string
	Effect         string // %s: the replacement
	EffectShort    string // %s %s: the replacement, the measure
	EffectBoth     string // %s %s: and its own
	EffectNote     string
	Exact          string
	Weights        string // %s
	WeightsNote    string
	Together       string // %d: hidden units that share a column
	Slot           string
	Sizes          string
	SizesNote      string // %s
	Length         string
	Untrained      string // %s
	Expect         string
	NotTrained     string

	// The sentences.
	First, Second string
	SentenceHint  string
	TokenByToken  string // %s
	Verdict       string
	Sum           string
	Prefers       string // %s
	Torn          string // %s %s: by the sum, per token
	TornShort     string // %s %s: their places
	Places        [2]string
	Neither       string
	TokenName     string
	LogP          string
	Running       string
	UnknownOut    string // ? is the mark of a symbol that the vocabulary does not have
	UnknownAs     string
	FirstAfter    string // how the first token is scored
	FirstOut      string

	OtherA string // what [ and ] do, in the bottom line
	Go, NextView, LastView, Up, Down, Left, Right, Rows, Mark, Enter, Edit, Edit2, Part, Cell, KLess, KMore,
	ALess, AMore, PageUp, PageDown Action
}

var englishLadder = Ladder{
	Tab: Tab{"Ladder", "Ladder: every kind of model on one scale", [3]string{
		"From knowing nothing (perplexity V) to always being right (1): n-grams that count, a feed-forward network that sees a fixed window, and recurrent networks, all scored on the same tokens of the validation text. The scale below has the network of the other screens too, such as LSTM 2×128, by its newest loss on all of that text.",
		"Press space and the networks train in lock-step on the same batches, beside the main training and at low priority; leaving this screen pauses them. A good n-gram often beats a network of a few minutes, and the table says so.",
		"v goes on to where each model wins, to the workbench of n-grams (what smoothing does to zeros), to what a fixed window cannot see, and to sentences scored token by token.",
	}},
	Views: [5]string{"rungs", "who wins where", "n-gram workbench", "fixed window", "sentences"}, Elsewhere: "%s acts elsewhere: %s", AllParts: "all parts are shown",
	Uniform: "uniform", Unigram: "unigram", Ngram: "%d-gram %s", Best: "%s, best order", Window: "feed-forward, N=%d", Network: "%s", Published: "published: %s",
	Smoothings:     map[string]string{"mle": "max. likelihood", "add": "add k", "katz": "Katz", "absolute": "absolute disc.", "kn": "Kneser-Ney", "mkn": "mod. Kneser-Ney"},
	SmoothingHeads: map[string]string{"mle": "ML", "katz": "Katz", "absolute": "absolute", "kn": "KN", "mkn": "mod. KN"},
	AddK:           "add %s",
	Columns:        [8]string{"model", "ppl", "nats", "bits", "size", "memory", "time", "update"},
	Table:          "best of each smoothing", All: "all orders",
	Scored: "%s of %s validation tokens", Zeros: "probability 0 for %s tokens", Diverged: "diverged",
	Phases: [7]string{"waiting", "counting n-grams", "scoring n-grams", "space lets the networks race", "racing", "paused: space goes on", "no network can go on"},
	Share:  "threads: %d to the training's %d", LowPriority: "low priority", Counting: "counting n-grams: %s",
	Racing: "update %s, epoch %.2f, %s tok/s", Alike: "networks of one layer, H=%d, E=%d, B=%d, K=%d, Adam %s",
	Dial: "perplexity, from V (knows nothing) to 1 (always right)", DialShort: "perplexity, V to 1", Grid: "perplexity of n-grams by order", Order: "%d-gram",
	Race: "the race: validation loss, nats per token", RaceEmpty: "Press space: RNN, GRU, LSTM and the window model train on the same batches.", BestGram: "best n-gram",
	Source: "test split, as published in", NoValid: "This text has no validation split to score on.", NoText: "The text of this run is not here, so there is nothing to count and to score. Give it as TEXT: rnnscope watch RUN TEXT", Overfit: "best %s at update %s",
	Ahead: "%s is ahead of the best n-gram: ppl %s to %s", Behind: "the best n-gram is ahead of %s: ppl %s to %s",
	WinsTitle: "A  %s   against   B  %s", Mean: "on average %s nats a token for %s", ZeroTokens: "%s tokens have probability 0 under %s and are left out",
	Frequency: "by count in the training text", Distance: "by tokens since it last stood here", Never: "never before",
	For: "won most by %s", Units: "mean difference of ln p, to the right for A",
	NoWins:     "%s: not trained yet, so there is nothing to compare. Press space: the networks train and are scored as they learn.",
	WinsWait:   "%s: not scored yet; that comes by itself.",
	WinsOver:   "%s: never scored, and no network can go on.",
	WinsOthers: "Or compare others: %s and %s choose another A, %s and %s another B.",
	TokenLine:  "%s times in training, last %s tokens before", TokenNew: "%s times in training, never before it here", TokenShort: "%s in training, %s ago", TokenNewShort: "%s in training, new here",
	History: "history", HistoryHint: "e: type what stands before the next token",
	Uses: "%s, order %d", NotCounted: "The n-grams are being counted.", SeenTimes: "seen %s times", NeverSeen: "never seen; its last %d tokens were",
	Next: "next token", Seen: "count", Likelihood: "ML", Katz: "Katz", Kneser: "KN", Moved: "mass moved", Unseen: "to unseen",
	Storage: "V^n, seen, stored", Possible: "possible", CountsTitle: "counts of counts, n=%d", Worth: "seen r times: how many, and what r is worth (r*)",
	KatzTo: "Katz discounts up to %d", P0: "Gale-Sampson: %s for the unseen", P0Short: "GS: %s for the unseen", NoLine: "Gale-Sampson fails here",
	Francisco: "frequent, but after few", FranciscoNote: "Kneser-Ney counts what stands before a token, not how often it stands",
	After: "%s times, after %s", AfterShort: "%s after %s", Typed: "typed", Unknown: "%d symbols that the text does not have",
	Text: "text", TextHint: "e: type a text; the model sees its last tokens only", Sees: "what a window of %d sees", Padding: "pad", Cut: "cut off",
	Padded: "padded with a learned vector: %d", CutOff: "cut off, as if it were not there: %d", Fits: "the text fits exactly",
	Effect: "how far %s for a token moves the prediction", EffectShort: "%s for a token moves p by %s", EffectBoth: "how far %s for a token (%s for itself) moves the prediction", EffectNote: "½Σ|p-q|: 0 nothing, 1 everything", Exact: "exactly 0",
	Weights: "by slot: what %s adds to h", WeightsNote: "the same token in another slot meets other weights", Together: "%d units a column", Slot: "slot",
	Sizes: "parameters, by length of history", SizesNote: "%s: same weights at every step", Length: "length", Untrained: "after %s updates", Expect: "expects", NotTrained: "untrained",
	First: "first sentence", Second: "second sentence", SentenceHint: "e and E: type the sentences", TokenByToken: "token by token under %s", Verdict: "verdict: sum of ln p", Sum: "sum",
	Prefers: "prefers %s", Torn: "prefers %s, per token %s", TornShort: "%s; per token %s", Places: [2]string{"1st", "2nd"}, Neither: "neither", TokenName: "token", LogP: "ln p", Running: "sum", UnknownOut: "?: not scored", UnknownAs: "?: scored as <unk>",
	FirstAfter: "first token: after a line's start", FirstOut: "first token: not scored",

	Go: Action{"race", "let the networks train, or stop them"}, NextView: Action{"view", "the next view"}, LastView: Action{"view before", "the view before"},
	Up: Action{"up", "a row up"}, Down: Action{"down", "a row down"},
	Left:  Action{"less", "workbench: shorter n-grams; window: the token before; sentences: the model before; wins: another B"},
	Right: Action{"more", "workbench: longer n-grams; window: the next token; sentences: the next model; wins: another B"},
	Rows:  Action{"orders", "all orders of all smoothings, or the best order of each"},
	Mark:  Action{"mark A", "compare this rung, as A, with others; wins: A and B change places"}, Enter: Action{"compare", "compare the rung A with the one under the cursor"},
	Edit: Action{"type", "type the history, the text, or the first sentence"}, Edit2: Action{"2nd", "type the second sentence"},
	Part: Action{"part", "workbench: storage, counts of counts, or Francisco, where not all have room"},
	Cell: Action{"cell", "window: the recurrent network beside it"}, KLess: Action{"k less", "workbench: a smaller k of add-k"}, KMore: Action{"k more", "workbench: a larger k of add-k"},
	OtherA: "other A", ALess: Action{"A before", "wins: another A, upwards"}, AMore: Action{"A after", "wins: another A, downwards"},
	PageUp: Action{"page up", "a page up"}, PageDown: Action{"page down", "a page down"},
}

var chineseLadder = Ladder{
	Tab: Tab{"阶梯", "阶梯：各种模型在同一把尺上", [3]string{
		"从一无所知（困惑度为 V）到总是正确（1）：只会计数的 n 元模型、只看固定窗口的前馈网络，以及循环网络，都在验证文本的同一批词元上评分。下方的刻度上还有其他屏幕所示的网络，如 LSTM 2×128，取其在整个验证文本上最新的损失。",
		"按空格键，这些网络便以低优先级在主训练旁用同样的批次同步训练；离开本屏即暂停。平滑得当的 n 元模型常常胜过只训练了几分钟的网络，表中会如实说明。",
		"按 v 依次查看：各模型赢在哪里、n 元模型工作台（平滑如何处理零）、固定窗口看不见什么，以及逐词元给句子打分。",
	}},
	Views: [5]string{"阶梯", "谁赢在哪里", "n 元工作台", "固定窗口", "句子"}, Elsewhere: "%s 用于其他视图：%s", AllParts: "各部分都已显示",
	Uniform: "均匀分布", Unigram: "一元模型", Ngram: "%d 元 %s", Best: "%s，最佳阶数", Window: "前馈网络，N=%d", Network: "%s 网络", Published: "文献：%s",
	Smoothings:     map[string]string{"mle": "最大似然", "add": "加 k", "katz": "Katz 回退", "absolute": "绝对折扣", "kn": "Kneser-Ney 平滑", "mkn": "改进 Kneser-Ney"},
	SmoothingHeads: map[string]string{"mle": "似然", "katz": "Katz", "absolute": "绝对折扣", "kn": "KN", "mkn": "改进 KN"},
	AddK:           "加 %s",
	Columns:        [8]string{"模型", "困惑度", "nat", "比特", "规模", "内存", "时间", "更新"},
	Table:          "各平滑的最佳阶数", All: "全部阶数",
	Scored: "%s / %s 个验证词元", Zeros: "%s 个词元概率为 0", Diverged: "已发散",
	Phases: [7]string{"等待中", "正在统计 n 元", "正在给 n 元模型评分", "按空格键让网络开跑", "正在比赛", "已暂停：空格键继续", "没有网络能继续"},
	Share:  "%d 个线程，主训练有 %d 个", LowPriority: "低优先级", Counting: "统计 n 元：%s",
	Racing: "更新 %s，第 %.2f 轮，%s 词元/秒", Alike: "单层网络，H=%d，E=%d，B=%d，K=%d，Adam %s",
	Dial: "困惑度，从 V（一无所知）到 1（总是正确）", DialShort: "困惑度，从 V 到 1", Grid: "n 元模型的困惑度，按阶数", Order: "%d 元",
	Race: "比赛：验证损失，每词元 nat", RaceEmpty: "按空格键：RNN、GRU、LSTM 和窗口模型将用同样的批次训练。", BestGram: "最佳 n 元",
	Source: "测试部分的结果，见于", NoValid: "这段文本没有可供评分的验证部分。", NoText: "这次运行的文本不在这里，没有可以计数和评分的内容。请把它作为 TEXT 给出：rnnscope watch RUN TEXT", Overfit: "最佳 %s，在更新 %s",
	Ahead: "%s 领先最佳 n 元模型：困惑度 %s 比 %s", Behind: "最佳 n 元模型领先 %s：困惑度 %s 比 %s",
	WinsTitle: "A  %s   对   B  %s", Mean: "平均每词元 %s nat，利于 %s", ZeroTokens: "%s 个词元在 %s 下概率为 0，不计入",
	Frequency: "按训练文本中的次数", Distance: "按距上次出现的词元数", Never: "从未出现",
	For: "赢得最多的：%s", Units: "ln p 之差的均值，向右利于 A",
	NoWins:     "%s：尚未训练，所以没有可比较的。按空格键：网络开始训练，边学边评分。",
	WinsWait:   "%s：尚未评分，稍后自动完成。",
	WinsOver:   "%s：从未评分，也没有网络能继续。",
	WinsOthers: "或比较别的：%s 和 %s 换一个 A，%s 和 %s 换一个 B。",
	TokenLine:  "训练中 %s 次，上次在 %s 个词元之前", TokenNew: "训练中 %s 次，此前从未出现", TokenShort: "训练 %s 次，隔 %s", TokenNewShort: "训练 %s 次，首次",
	History: "历史", HistoryHint: "e：输入下一个词元之前的文字",
	Uses: "历史 %s，%d 元", NotCounted: "正在统计 n 元。", SeenTimes: "见过 %s 次", NeverSeen: "从未见过；见过的是它最后 %d 个词元",
	Next: "下一词元", Seen: "次数", Likelihood: "似然", Katz: "Katz", Kneser: "KN", Moved: "移走的概率", Unseen: "分给未见的",
	Storage: "可能的 V^n、见过的、内存", Possible: "可能", CountsTitle: "计数的计数，%d 元", Worth: "见过 r 次的：有多少，r 值多少（r*）",
	KatzTo: "Katz 折扣到 %d 为止", P0: "Gale-Sampson：未见的共占 %s", P0Short: "GS：未见的共占 %s", NoLine: "Gale-Sampson 在此不成立",
	Francisco: "常见，但前面的词元很少", FranciscoNote: "Kneser-Ney 数的是一个词元前面出现过多少种词元，而不是它出现过多少次",
	After: "%s 次，跟在 %s 种之后", AfterShort: "%s 次，%s 种", Typed: "所输入", Unknown: "%d 个文本没有的符号",
	Text: "文本", TextHint: "e：输入一段文本；模型只看得见最后几个词元", Sees: "窗口 %d 所见", Padding: "填充", Cut: "被截去",
	Padded: "用学得的向量填充：%d 个", CutOff: "被截去，如同不存在：%d 个", Fits: "文本恰好放下",
	Effect: "把一个词元换成 %s：预测移动多少", EffectShort: "一个词元换成 %s：预测移动 %s", EffectBoth: "把一个词元换成 %s（它自己换成 %s）：预测移动多少", EffectNote: "½Σ|p-q|：0 为不动，1 为全变", Exact: "恰好为 0",
	Weights: "各位置上 %s 给 h 加了什么", WeightsNote: "同一个词元放在另一位置，遇到的是另一组权重", Together: "每列 %d 个单元", Slot: "位置",
	Sizes: "参数个数，按历史长度", SizesNote: "%s：每一步都用同样的权重", Length: "长度", Untrained: "%s 次更新之后", Expect: "预期", NotTrained: "未训练",
	First: "第一句", Second: "第二句", SentenceHint: "e 和 E：输入两个句子", TokenByToken: "%s 下逐词元", Verdict: "结论：整句的 ln p", Sum: "合计",
	Prefers: "偏好 %s", Torn: "偏好 %s，按每词元计则是 %s", TornShort: "%s；按词元计%s", Places: [2]string{"第一句", "第二句"}, Neither: "不分高下", TokenName: "词元", LogP: "对数概率", Running: "累计", UnknownOut: "?：不计分", UnknownAs: "?：按 <unk> 计分",
	FirstAfter: "首个词元：接在行首之后", FirstOut: "首个词元：不计分",

	Go: Action{"比赛", "让网络训练，或停下"}, NextView: Action{"视图", "下一个视图"}, LastView: Action{"上一视图", "上一个视图"},
	Up: Action{"上", "上移一行"}, Down: Action{"下", "下移一行"},
	Left:  Action{"减", "工作台：更短的 n 元；窗口：前一个词元；句子：前一个模型；胜负：换一个 B"},
	Right: Action{"增", "工作台：更长的 n 元；窗口：后一个词元；句子：后一个模型；胜负：换一个 B"},
	Rows:  Action{"全部阶数", "各平滑的全部阶数，或各取最佳"},
	Mark:  Action{"记为 A", "把这一级记为 A，与别的比较；胜负：A 与 B 互换"}, Enter: Action{"比较", "把 A 与光标所在的一级比较"},
	Edit: Action{"输入", "输入历史、文本或第一句"}, Edit2: Action{"输入第二句", "输入第二个句子"},
	Part: Action{"部分", "工作台：存储、计数的计数或 Francisco，屏幕放不下时轮换"},
	Cell: Action{"单元", "窗口：旁边的循环网络"}, KLess: Action{"k 减小", "工作台：加 k 的 k 减小"}, KMore: Action{"k 增大", "工作台：加 k 的 k 增大"},
	OtherA: "换 A", ALess: Action{"A 上移", "胜负：换一个 A，向上"}, AMore: Action{"A 下移", "胜负：换一个 A，向下"},
	PageUp: Action{"上一页", "上翻一页"}, PageDown: Action{"下一页", "下翻一页"},
}
