// Package words holds what the program says to people, in each of its
// languages.
//
// English is written where it is said; its Chinese is found here by the
// English. Two kinds of text are kept apart:
//
//   - messages are formats with arguments: say.Errorf, say.Textf, and the say
//     methods of the command. Their Chinese is in zh_errors*.go and zh_lines.go.
//     A message must be a literal; its translation has the same verbs, in
//     another order if need be (%[2]s).
//   - phrases are looked up whole, where they are shown: what commands and
//     flags say of themselves (zh_help.go, zh_flags.go) and names that other
//     packages keep as data, such as the classes of a grammar (zh_names.go).
//
// The way to a new text:
//
//   - an error: say.Errorf in place of fmt.Errorf; for a struct of what and try,
//     say.Textf in each; an error type with fields has Say(say.Translate) beside
//     Error, and TryIn beside Try. A number, a name or a path is an argument; so
//     is another message.
//   - a line: fmt.Fprintln(p.out, p.say("…", …)), columns filled with pad.
//   - a command or a flag: plain English in cobra's and pflag's fields; nothing
//     else. The tree is translated when it is whole. A flag of a command with
//     many belongs to a group of flagGroups.
//   - then the Chinese, in the table that the failing test asks for.
//
// The tests know what is missing: that of this package reads the syntax of the
// whole module, and finds formats without a translation, translations without a
// use and texts that bypass both; those of cmd/rnnscope range over the tree of
// commands and the built-in texts. What JSON, files and flags are called has no
// language.
//
// The Chinese is simplified, with full-width punctuation and a space between
// Chinese and Latin letters or digits. Its terms:
//
//	activation    激活函数     hidden state     隐藏状态
//	batch         批大小       initialisation   初始化
//	bits          比特         learning rate    学习率
//	catalogue     下载清单     level (char)     字符级
//	cell          单元         level (word)     词级
//	cell state    细胞状态     loss             损失
//	character     字符         measure word     量词
//	clipping      裁剪         metadata         元数据
//	directory     目录         overfitting      过拟合
//	divergence    发散         perplexity       困惑度
//	embedding     嵌入         probability      概率
//	entropy       熵           prompt           提示文本
//	epoch         轮           run              运行
//	exact floor   精确下界     run directory    运行目录
//	forget gate   遗忘门       sampling         采样
//	gate          门           schedule         学习率计划
//	gradient      梯度         seed             种子
//	grammar       文法         spectral radius  谱半径
//	split         划分、部分   surprisal        意外度
//	stream        数据流       temperature      温度
//	tensor        张量         time step        时间步
//	thread        线程         token            词元
//	tied weights  共享权重     training         训练
//	truncated BPTT  截断的随时间反向传播，截断 BPTT
//	unit          单元         update           更新
//	validation    验证         vocabulary       词表
//	variant       变体         weight           权重
//	weight decay  权重衰减     window           窗口
//
// dropout, logit, nat and the names of optimizers stay as they are.
package words
