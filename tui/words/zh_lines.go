package words

// zhLines are the lines that commands print.
var zhLines = map[string]string{
	// the screen, when it has closed
	"%s updates are saved in %s; go on with rnnscope %s":                                "%s 次更新已保存在 %s；继续：rnnscope %s",
	"%s updates are not kept: they took less than a minute, and ctrl+s was not pressed": "%s 次更新没有保存：训练不到一分钟，也没有按 ctrl+s",

	// training
	"%s: %s tokens (%s level) to train on, vocabulary of %s":                                               "%s：用 %s 个词元（%s级）训练，词表大小 %s",
	"only %s of them fill whole windows of %d streams x %d steps; a smaller --batch or --window uses more": "其中只有 %s 个能填满 %d 条数据流 x %d 步的窗口；减小 --batch 或 --window 可以多用一些",
	"no clipping":            "不裁剪",
	"clip %.3g":              "梯度裁剪 %.3g",
	"values clipped at %.3g": "逐元素裁剪到 %.3g",
	"dropout %g, ":           "dropout %g，",
	"%s %dx%d, embedding %d, %s%s weights\nbatch %d x window %d, %s, lr %g %s, %s": "%s %dx%d，嵌入 %d，%s%s 个权重\n批大小 %d x 窗口 %d，%s，学习率 %g %s，%s",
	"until ctrl+c":         "训练到按下 ctrl+c",
	"until update %s":      "训练到第 %s 次更新",
	"until epoch %g":       "训练到第 %g 轮",
	"until %v have passed": "训练 %v",
	"%s; run directory %s": "%s；运行目录 %s",
	"%.0f s":               "%.0f 秒",
	"%s of %.0f s":         "%s / %.0f 秒",
	"  right %.1f %%":      "  正确 %.1f %%",
	"%s  update %s  epoch %.2f  loss %.3f  |gradient| %.2f  %s tokens/s":   "%s  更新 %s  轮 %.2f  损失 %.3f  |梯度| %.2f  %s 词元/秒",
	"%6.1f s  update %6s  train %.3f  valid %.4f nats %.4f bits  ppl %s%s": "%6.1f 秒  更新 %6s  训练 %.3f  验证 %.4f nat %.4f 比特  困惑度 %s%s",
	"overfitting since update %s (valid %.4f, kept in best.safetensors)":   "从第 %s 次更新起过拟合（当时验证损失 %.4f，已存入 best.safetensors）",
	"the model writes, T=%g, update %s:\n%s":                               "模型写道，T=%g，第 %s 次更新：\n%s",
	"; train loss %.4f":                                                    "；训练损失 %.4f",
	"done after %s updates, %.2f epochs, %.1f s%s":                         "完成：%s 次更新，%.2f 轮，%.1f 秒%s",
	"stopped after %s updates, %.2f epochs, %.1f s%s":                      "已停止：%s 次更新，%.2f 轮，%.1f 秒%s",
	"best validation loss %.4f at update %s (best.safetensors), which has": "最低验证损失 %.4f 出现在第 %s 次更新（best.safetensors），它在",
	"saved in %s; next: rnnscope sample %s":                                "已保存在 %s；下一步：rnnscope sample %s",

	// evaluation
	"%s  %s tokens  loss %.4f nats  %.4f bits  perplexity %s":      "%s  %s 个词元  损失 %.4f nat  %.4f 比特  困惑度 %s",
	"       %s unknown symbols, not scored":                        "       %s 个未知符号，不计分",
	"       exact floor of this text %.4f bits":                    "       这份文本的精确下界 %.4f 比特",
	"       %s: %.1f %% right of %s":                               "       %s：共 %[3]s 处，正确 %.1[2]f %%",
	"       %s %6.1f %% of %s":                                     "       %s %6.1f %%，共 %s 处",
	"this is the last part of %s; --split all evaluates all of it": "这里评估的是 %s 的最后一部分；--split all 评估全部",

	// sampling and tracing
	"the model does not know %d of the prompt's tokens":               "模型不认识提示文本中的 %d 个词元",
	"the model does not know %d of the tokens; it read them as zeros": "模型不认识其中 %d 个词元，按零向量读入",
	"step":           "步",
	"surprisal":      "意外度",
	"entropy":        "熵",
	"|h| by layer":   "各层 |h|",
	"token":          "词元",
	"likeliest next": "最可能的下一个",
	" unknown":       " 未知",
	"surprisal and entropy in nats; --json prints every state, gate and logit": "意外度和熵的单位是 nat；--json 输出全部状态、门和 logit",

	// texts
	"reading standard input; end it with ctrl+d": "正在读标准输入，按 ctrl+d 结束",
	"reading %s: %d %%":                          "正在读 %s：%d %%",
	"reading %s: %s bytes":                       "正在读 %s：%s 字节",
	"%s: %d %% of %s bytes":                      "%s：%[3]s 字节的 %[2]d %%",
	"name             kind     level; of a grammar its variants, with the exact entropy and what a model reaches without the long dependency": "名称             种类     级别；文法列出各变体的精确熵，以及缺了长程依赖的模型能达到的值",
	"  %-16s floor %.4f bits a token": "  %-16s 下界 %.4f 比特/词元",
	"%.4f without %s":                 "不知%[2]s时 %.4[1]f",
	"exact entropy %.6f bits a token, perplexity %.4f; %d symbols, %.4f tokens a line": "精确熵 %.6f 比特/词元，困惑度 %.4f；%d 种符号，每行 %.4f 个词元",
	"a model that forgets: %s": "遗忘的模型：%s",
	"scored: %s":               "计分处：%s",
	"variants: %s":             "变体：%s",
	"  floor %.4f bits":        "  下界 %.4f 比特",
	"%s (%s bytes, %s)":        "%s（%s 字节，%s）",
	"%s %8s lines %10s tokens %10s bytes  sha256 %s…": "%s %8s 行 %10s 词元 %10s 字节  sha256 %s…",

	// speed
	"%s, %d x %d, embedding %d, vocabulary %d, batch %d x window %d, %s, threads %d, %s":             "%s，%d x %d，嵌入 %d，词表 %d，批大小 %d x 窗口 %d，%s，线程 %d，%s",
	"training  %s tokens/s   %.3g ms an update   %.0f GFLOP/s, %.0f %% of the %.0f measured as peak": "训练  %s 词元/秒   每次更新 %.3g 毫秒   %.0f GFLOP/s，为峰值的 %.0f %%（峰值实测 %.0f）",
	"sampling  %.3g µs a token": "采样  每个词元 %.3g 微秒",

	// help
	"rnnscope version %s": "rnnscope 版本 %s",
	" (default %s)":       "（默认 %s）",
	"Use \"%s COMMAND --help\" for more about a command.": "用 \"%s COMMAND --help\" 查看某个命令的详细说明。",
}
