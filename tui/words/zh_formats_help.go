package words

// zhFormatsHelp are what the commands about files say of themselves.
var zhFormatsHelp = map[string]string{
	"PyTorch files, safetensors and runs, each into the others": "PyTorch 文件、safetensors 和运行目录互相转换",
	`Convert the model IN, a run directory, a .safetensors or a .pt file, into OUT: a
file by its ending, else a run directory. Of a PyTorch file only tensors in
dictionaries are read: a state_dict, or a checkpoint with one in it; modules may
be called as in the lecture's class or otherwise, as lstm, encoder and decoder,
behind any prefix. Beside a file, OUT.json has its configuration and vocabulary,
and load.py rebuilds the model in PyTorch and prints its perplexity. A run
directory needs a vocabulary: that of the run IN, or --vocab; with TEXT it can
be gone on with, as the training flags say.`: "把模型 IN（运行目录，或 .safetensors、.pt 文件）转换成 OUT：按结尾是文件，否则是运行目录。PyTorch 文件里只读字典中的张量：一个 state_dict，或含有它的检查点；模块的名称可以与讲义的类相同，也可以是 lstm、encoder、decoder 等，前面可以有任何前缀。文件旁边的 OUT.json 保存配置和词表，load.py 在 PyTorch 中重建模型并打印困惑度。运行目录需要词表：来自运行 IN，或由 --vocab 给出；给出 TEXT 时可以按训练标志接着训练。",
	"then: python3 load.py model.pt TEXT": "然后：python3 load.py model.pt TEXT",
	"from PyTorch":                        "来自 PyTorch",
	"write an event file for TensorBoard into the run directory": "在运行目录里另写一份 TensorBoard 事件文件",
	"replace files that exist":                                   "覆盖已存在的文件",

	"file of default values for flags (see rnnscope config)":                "标志默认值的文件（见 rnnscope config）",
	"updates between saves, or a time such as 30s (0: about once a minute)": "两次保存之间的更新次数，或 30s 这样的时间（0：大约每分钟一次）",
	"print one JSON object a flag":                                          "每个标志输出一行 JSON 对象",
	"What is in force, and where each value comes from":                     "当前各项设置的值和来源",
	`Print the value of every flag of text, model, training and screen, and where it
comes from: default, file, preset, environment or flag, the later over the
earlier; of a RUN, its own. What is printed is a configuration file itself: its
keys are flags, the table [train] is for that command alone and [screen] for the
program without one. It is looked for where the first line says, or --config
names it. RNNSCOPE_LR is the environment's --lr.`: "打印文本、模型、训练和屏幕的每个标志的值及其来源：默认、文件、预设、环境变量、命令行标志，后者优先；给出 RUN 时，是那次运行自己的值。打印的内容本身就是一个配置文件：键是标志名，表 [train] 只用于该命令，[screen] 用于不带命令的程序。第一行说明到哪里找这个文件，也可用 --config 指定。环境变量 RNNSCOPE_LR 相当于 --lr。",
	"and the command that repeats it": "以及重做它的命令",

	"Pictures of a run, its numbers as tables, and a report": "运行的图片、数据表和报告",
	`Write pictures of RUN as SVG and PNG, with their numbers as CSV: loss, perplexity,
gradient norm and learning rate by update, the gradient by lag, n-grams of the
same text beside the network, and with --sentence the hidden state of each layer
while it is read. metrics.csv has every figure that was kept, and report.html
all of it on one page that needs no other file. Of a file that rnnscope lag wrote
it draws the grid. What is written takes the place of what was there.`: "把 RUN 画成 SVG 和 PNG，数据写成 CSV：损失、困惑度、梯度范数和学习率随更新的变化，梯度随间隔的衰减，同一文本上的 n 元模型与网络的对照；给出 --sentence 时，还有读这个句子时各层的隐藏状态。metrics.csv 含有保存下来的全部数据，report.html 把这一切放在一页上，不需要别的文件。对 rnnscope lag 写出的文件则画出网格。写出的文件会取代原有的同名文件。",
	"directory of the files (default RUN/plots)":                                                       "文件所在的目录（默认 RUN/plots）",
	"draw the hidden states while this is read":                                                        "画出读这个句子时的隐藏状态",
	"of the pictures: svg, png, csv":                                                                   "图片格式：svg、png、csv",
	"of loss, perplexity, gradient, rate, hidden, decay, ladder, metrics, report, these (default all)": "只写 loss、perplexity、gradient、rate、hidden、decay、ladder、metrics、report 中的这些（默认全部）",
	"dark or light":                  "dark（深色）或 light（浅色）",
	"print one JSON object a figure": "每张图输出一行 JSON 对象",
	"megabytes for the weights of earlier updates, RUN@1000 (0: none)": "保存较早的权重所用的兆字节数，以 RUN@1000 读取（0：不保存）",
}
