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
//	ablation          置零       order (n-gram)   阶
//	activation        激活函数   overfitting      过拟合
//	attractor         吸引子     perplexity       困惑度
//	batch             批大小     probability      概率
//	bits              比特       prompt           提示文本
//	catalogue         下载清单   run              运行
//	cell              单元       run directory    运行目录
//	cell state        细胞状态   sampling         采样
//	character         字符       schedule         学习率计划
//	clipping          裁剪       seed             种子
//	directory         目录       smoothing        平滑
//	discount          折扣       spectral radius  谱半径
//	divergence        发散       split            划分、部分
//	embedding         嵌入       stream           数据流
//	entropy           熵         surprisal        意外度
//	epoch             轮         temperature      温度
//	exact floor       精确下界   tensor           张量
//	forget gate       遗忘门     thread           线程
//	gate              门         tied weights     共享权重
//	gradient          梯度       time step        时间步
//	grammar           文法       token            词元
//	hidden state      隐藏状态   training         训练
//	history (n-gram)  前文       unit             单元
//	influence         影响       update           更新
//	initialisation    初始化     validation       验证
//	learning rate     学习率     variant          变体
//	level (char)      字符级     vocabulary       词表
//	level (word)      词级       weight           权重
//	loss              损失       weight decay     权重衰减
//	measure word      量词       window           窗口
//	metadata          元数据
//	truncated BPTT  截断的随时间反向传播，截断 BPTT
//
// dropout, logit, nat and the names of optimizers stay as they are.
package words
