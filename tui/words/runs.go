package words

// Runs is the list of the runs in a directory.
type Runs struct {
	Title                                          string // %s %d: the directory, runs in it
	Runs, Losses                                   string
	Name, Model, Update, Train, Valid, Rate, State string
	Nats                                           string
	Move, Mark, Sort, Open, Quit                   string
	Reading, NoLoss                                string
	None, Lost                                     string // %s: the directory
}

var englishRuns = Runs{
	Title: "runs in %s: %d", Runs: "runs", Losses: "train loss, nats per token",
	Name: "run", Model: "model", Update: "update", Train: "train", Valid: "valid", Rate: "tok/s", State: "state", Nats: "nats",
	Move: "choose", Mark: "overlay", Sort: "sort, turn round", Open: "open", Quit: "quit",
	Reading: "reading …", NoLoss: "no update has been made yet",
	None: "There is no run in %s yet. rnnscope train --out makes one; it will appear here.",
	Lost: "%s cannot be read now; it is looked for again and again.",
}

var chineseRuns = Runs{
	Title: "%s 中的运行：%d 个", Runs: "运行", Losses: "训练损失，每词元 nat",
	Name: "运行", Model: "模型", Update: "更新", Train: "训练", Valid: "验证", Rate: "词元/秒", State: "状态", Nats: "nat",
	Move: "选择", Mark: "叠加", Sort: "排序、反转", Open: "打开", Quit: "退出",
	Reading: "正在读取…", NoLoss: "还没有任何更新",
	None: "%s 中还没有运行。rnnscope train --out 会创建一个，它将出现在这里。",
	Lost: "现在无法读取 %s；程序会不断重试。",
}
