package words

// zhHelp are the descriptions of commands and the comments of their examples.
var zhHelp = map[string]string{
	`rnnscope trains a recurrent language model in front of you and lets you look
inside. Without a command it opens the screen on TEXT (a built-in text, a file,
or - for standard input; by default the built-in fables) and trains at once. On
a RUN or a MODEL file of one it opens paused, where training was. A run is kept
from its first minute on, or when you press ctrl+s. Where there is no terminal,
the same run is printed as lines until ctrl+c.`: "rnnscope 当着你的面训练一个循环语言模型，让你看到它的内部。不带命令时，它在 TEXT（内置文本、文件，或用 - 表示标准输入；默认是内置的 fables）上打开屏幕并立即训练。给出 RUN 或其中的 MODEL 文件时，它在训练停下的地方打开，处于暂停状态。运行从第一分钟起，或按下 ctrl+s 时保存。没有终端时，同样的运行逐行打印，直到 ctrl+c。",

	`Train a language model on TEXT: a built-in text, a file, or - for standard
input.

Without a limit it trains for a minute. What it does is saved in the run
directory, also when it is interrupted: --resume goes on from there, up to the
run's own limits or to those given, which count the whole run (--for counts
anew). Losses are in nats per token; bits = nats / 0.693, perplexity = e^nats.
The train loss is the mean of about the last fifty updates, dropout included,
and so may lie above the validation loss. best.safetensors in the run directory
has the weights of the lowest validation loss. --from keeps the vocabulary of
the run it starts from and, without TEXT, goes on with its text.`: `在 TEXT 上训练语言模型。TEXT 是内置文本、文件，或用 - 表示标准输入。

不加限制时训练一分钟。结果保存在运行目录里，中断时也一样：--resume 接着训练，直到这次运行自己的限制或新给出的限制；限制按整个运行计算（--for 则重新计时）。损失以每词元的 nat 计；比特 = nat / 0.693，困惑度 = e^nat。训练损失大约是最近五十次更新的平均，包含 dropout，所以可能高于验证损失。运行目录中的 best.safetensors 保存验证损失最低时的权重。--from 沿用所取运行的词表；不给 TEXT 时，也沿用它的文本。`,

	`Evaluate MODEL, a run directory or a .safetensors or .pt file, on one split of TEXT (by
default the run's own text and its test split). The split is read as one stream
from a zero state; every token but the first is predicted once. At character
level a symbol that the model does not know is read as a zero embedding and not
scored.`: "用 TEXT 的一个部分评估 MODEL（运行目录，或 .safetensors、.pt 文件）；默认用这次运行自己的文本，取测试部分。这一部分当作一条流，从零状态读起；除第一个词元外，每个词元各预测一次。字符级时，模型不认识的符号按零嵌入读入，不计分。",

	`Let MODEL, a run directory or a .safetensors or .pt file, write. The prompt is fed once
(and not printed); without one the model starts from the start token: <eos> at word level, newline
at character level. The same seed draws the same numbers at every temperature.`: "让 MODEL（运行目录，或 .safetensors、.pt 文件）写文本。提示文本只读入一次（不打印）；没有提示文本时，模型从起始词元开始：词级为 <eos>，字符级为换行符。种子相同时，各个温度抽到的随机数都相同。",

	`Read SENTENCE, or the token ids of --ids, from a zero state and print what the
network did at every step: surprisal of the token given those before it, entropy
of the prediction after it, hidden and cell states, gates, logits.
Nothing stands before the first token, which has no surprisal: score, which reads
a start token first, gives the others probabilities of its own.

--influence says how much each earlier token speaks for the last one, or, with
--next, for that token after the whole sentence: the norm of the gradient of its
log-probability in the token's embedding; that gradient times the embedding; and
the log-probability lost when the embedding is zeroed and when the token is left
out. The four ask different questions and differ. The last two are computed
anew for every token, so a sentence twice as long takes four times as long.

--ablate holds hidden units at 0 at every step, before the next step, the layer
above or the output reads them. Layers and units count from 0, as tensor names
do: 1:93 is unit 93 of the layer of rnn.weight_hh_l1.`: `从零状态读入 SENTENCE 或 --ids 给出的词元编号，打印网络在每个时间步做了什么：词元在前文条件下的意外度、其后预测分布的熵、隐藏状态和细胞状态、各个门、logit。第一个词元之前没有别的，所以没有意外度；score 先读一个起始词元，给其余词元的概率因此不同。

--influence 说明前面每个词元对最后一个词元的支持有多大；有 --next 时，则针对整个句子之后的那个词元。共有四个量：所问词元的对数概率对该词元嵌入的梯度的范数；这个梯度与嵌入的内积；嵌入置零时，以及略去该词元时，对数概率损失多少。四者问的不是同一个问题，结果也不同。后两个量要对每个词元重新计算，所以句子长一倍，用时为四倍。

--ablate 使隐藏单元在每个时间步都为 0，下一步、上一层和输出层读到的都是 0。层和单元从 0 编号，与张量名一致：1:93 是 rnn.weight_hh_l1 那一层的第 93 号单元。`,

	`Count the n-grams of TEXT's training split and say how well they predict its
validation and test splits, with each order and smoothing asked for. Without
--lines the text is one stream of which all tokens but the first are scored, as
rnnscope eval does, so that n-grams and networks are compared on the same tokens.

Smoothings: mle (none: what was not seen has probability 0), add:K (K is added to
every count), katz (Good-Turing discounts, backing off), absolute (one discount,
interpolated), kn (Kneser-Ney) and mkn (modified Kneser-Ney, mostly the best).`: `统计 TEXT 训练部分的 n-gram，并对要求的每个阶和每种平滑，说明它们预测验证部分和测试部分的好坏。没有 --lines 时，文本是一条数据流，除第一个词元外都计分，与 rnnscope eval 相同，因此 n-gram 和网络在同样的词元上比较。

平滑：mle（不平滑：没见过的概率为 0）、add:K（每个计数加 K）、katz（Good-Turing 折扣，回退）、absolute（单一折扣，插值）、kn（Kneser-Ney）和 mkn（修正 Kneser-Ney，多半最好）。`,

	`Say how probable MODEL, a run directory or a .safetensors or .pt file, or an
n-gram counted on TEXT's training split finds each SENTENCE, token by token, and
of several which is the most probable. Each is read from the zero state after a
start token that is not scored: <eos> at word level, a newline at character
level. A word that the vocabulary has not is scored as <unk>, which stands for
all such words; a symbol without an id is read but not scored.

--pairs FILE.tsv has a pair a line: prefix, right, wrong and the number of
attractors, parted by tabs. The model is right when it gives the right word more
probability after the prefix than the wrong one. A pair is covered when the
vocabulary has all its tokens. At character level a word begins and ends with a
space.`: `说明 MODEL（运行目录、.safetensors 或 .pt 文件），或在 TEXT 训练部分上统计的 n-gram，认为每个 SENTENCE 有多大概率，逐词元列出；有几个句子时，说明哪一个概率最大。每个句子都从零状态读起，先读一个不计分的起始词元：词级为 <eos>，字符级为换行符。词表里没有的词按 <unk> 计分，它代表所有这样的词；没有编号的符号读入但不计分。

--pairs FILE.tsv 每行一个句对：前文、正确形式、错误形式和吸引子个数，以制表符分隔。模型在前文之后给正确形式的概率大于错误形式，就算答对。词表含有句对的全部词元，才算覆盖。字符级时，一个词以空格开头并以空格结尾。`,

	`Measure training and sampling speed of a configuration on random tokens.

The peak is measured too: fused multiply-adds on registers, on all threads at
once, in the best of short bursts and, sustained, over tenths of a second, as the
system lets them. gflops counts six floating-point operations per weight that a
token is multiplied with, as a whole training step needs without any saving.

--suite measures the table of the README, each configuration on all threads and
on one, in about a minute; --peer PYTHON measures PyTorch beside it, in turn, in
about two.`: `用随机词元测量一种配置的训练速度和采样速度。

峰值也是实测的：所有线程同时在寄存器上做乘加运算，峰值取短时段中最好的一次，持续值则是每十分之一秒的平均。gflops 按每个词元乘到的每个权重六次浮点运算计，即完整的一步训练在不省去任何计算时所需的量。

--suite 测量 README 中的那张表，每种配置用全部线程和一个线程各测一次，约需一分钟；--peer PYTHON 同时轮流测量 PyTorch，约需两分钟。`,

	`Open the screen on a run that another program is training, perhaps on another
machine whose folder is shared. The files are asked four times a second, so that
nothing need tell of a change: numbers are shown as they are written, about once
a second, weights with every save (train --save-every says how often), and the
top line says which update they come from. Nothing is written and nothing is
locked, and what would change the training is not offered.

On a DIRectory of runs it lists them, with their losses: mark some to overlay
them, open one, and q leads back. A run whose text is not where it was is shown on
what it has written itself, unless you give the TEXT. Where there is no terminal,
one run is followed as lines until it is done, or until ctrl+c.`: `在屏幕上打开另一个程序正在训练的运行；它也可以在另一台机器上，通过共享文件夹读取。程序每秒查看四次文件，不需要任何变化通知：数字在写入后即显示，大约每秒一次；权重随每次保存更新（间隔由 train --save-every 决定），顶行说明它们来自哪次更新。这里不写入、不加锁，会改变训练的操作也不提供。

给出一个含有多个运行的目录（DIR），则列出它们和它们的损失：可以标记几个叠加比较，打开其中一个，按 q 返回。如果运行的文本不在原处，就用它自己写出的文字来展示，也可以把文本作为 TEXT 给出。没有终端时，逐行跟踪一个运行，直到它结束或按下 ctrl+c。`,

	`Write a built-in text to standard output: the whole of a text, the training
split of a grammar, or the split named.`: "把内置文本写到标准输出：普通文本写全文，文法写训练部分，也可以指定一个部分。",

	`Download a text of the catalogue into the cache, from where it is then opened by
its name. Only files with the very bytes of the catalogue are used. Without a
network the message says which file to put where by hand.`: "把下载清单中的一份文本下载到缓存，此后可按名字打开。只使用内容与清单登记逐字节相同的文件。没有网络时，消息会说明要手工把哪个文件放到哪里。",

	"A microscope for recurrent networks":                                       "循环神经网络的显微镜",
	"Train without a screen":                                                    "训练，不开屏幕",
	"Loss, perplexity and bits per token on a split":                            "评估一个部分的损失、困惑度和每词元比特",
	"Write text token by token":                                                 "逐词元写出文本",
	"Everything the network did, step by step":                                  "网络逐步做了什么",
	"The built-in texts, and those that can be downloaded":                      "内置文本，以及可以下载的文本",
	"Log p of sentences, token by token":                                        "逐词元给出句子的对数概率",
	"Count, smooth and evaluate n-grams":                                        "统计、平滑并评估 n-gram",
	"List them":                                                                 "列出文本",
	"What a built-in text is, its exact entropy, how it begins":                 "内置文本的说明、精确熵和开头",
	"Write a built-in text to standard output":                                  "把内置文本写到标准输出",
	"Download a text of the catalogue into the cache":                           "把下载清单中的文本下载到缓存",
	"Measure training and sampling speed on random tokens":                      "用随机词元测量训练和采样速度",
	"Open the screen on a run that another program trains":                      "在屏幕上旁观另一个程序的训练",
	"Write the manual pages into a directory":                                   "把手册页写入一个目录",
	"Help on a command":                                                         "命令的帮助",
	"Write the completions of a shell":                                          "输出 shell 的补全脚本",
	"Write a script that lets the shell complete commands and flags.":           "输出一段脚本，让 shell 能补全命令和选项。",
	"Completions for bash":                                                      "bash 的补全",
	"Completions for zsh":                                                       "zsh 的补全",
	"Completions for fish":                                                      "fish 的补全",
	"Completions for powershell":                                                "PowerShell 的补全",
	"Completions for bash, which needs the package bash-completion.":            "bash 的补全，需要 bash-completion 软件包。",
	"Completions for zsh. They need: autoload -U compinit; compinit":            "zsh 的补全，需要：autoload -U compinit; compinit",
	"Completions for fish.":                                                     "fish 的补全。",
	"Completions for PowerShell. To have them always, add them to its profile.": "PowerShell 的补全。要长期使用，请写进它的配置文件。",
	"the built-in fables, one minute":                                           "用内置的 fables 训练一分钟",
	"watch an LSTM learn the built-in fables":                                   "看 LSTM 学习内置的 fables",
	"or a task that needs a long memory":                                        "或一个需要长期记忆的任务",
	"or your own text":                                                          "或用你自己的文本",
	"in another terminal":                                                       "在另一个终端里",
	"all of them":                                                               "全部运行",
	"the built-in texts":                                                        "内置文本",
	"the test split of its own text":                                            "自己文本的测试部分",
	"of the best model so far":                                                  "目前最好的模型",
	"list them":                                                                 "列出文本",
	"what it is, its exact entropy, its beginning":                              "说明、精确熵和开头",
	"a run to be gone on with:":                                                 "一次运行，之后可以接着训练：",
	"now":                                                                       "立即生效",
	"always":                                                                    "长期生效",
}
