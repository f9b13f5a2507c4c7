package words

// zhFormats are the messages about files of other programs, and about what runs
// are turned into.
var zhFormats = map[string]string{
	// reading PyTorch's files
	"%s is no model: neither the directory of a run nor a safetensors or PyTorch file":        "%s 不是模型：既不是运行目录，也不是 safetensors 或 PyTorch 文件",
	"give the directory of a run, or a .safetensors or .pt file; rnnscope train makes a run":  "请给出运行目录，或 .safetensors、.pt 文件；rnnscope train 会产生运行目录",
	"%sweight_hh_l0 is %s: its rows should be 1 (RNN), 3 (GRU) or 4 (LSTM) times its columns": "%sweight_hh_l0 的形状是 %s：行数应为列数的 1 倍（RNN）、3 倍（GRU）或 4 倍（LSTM）",
	"there is more than one recurrent network in it: %s and %s":                               "里面不止一个循环网络：%s 和 %s",
	"%s: no PyTorch file that can be read: %v":                                                "%s：不是可以读取的 PyTorch 文件：%v",
	"save it again: torch.save(model.state_dict(), \"model.pt\")":                             "请重新保存：torch.save(model.state_dict(), \"model.pt\")",
	"save the weights alone: torch.save(model.state_dict(), \"model.pt\")":                    "请只保存权重：torch.save(model.state_dict(), \"model.pt\")",
	"it asks for %s; only tensors and dictionaries are read":                                  "文件要用到 %s；这里只读张量和字典",
	"the archive is damaged or cut off (%w)":                                                  "压缩包已损坏或不完整（%w）",
	"the archive has no data.pkl":                                                             "压缩包里没有 data.pkl",
	"%s in the archive is compressed, as PyTorch never does":                                  "压缩包里的 %s 经过压缩，PyTorch 从不这样做",
	"%s in the archive reaches beyond the end of the file":                                    "压缩包里的 %s 超出了文件末尾",
	"a big-endian machine wrote it, and its numbers are not read here":                        "它由大端序的机器写成，这里不读这样的数",
	"it is neither an archive nor begins with PyTorch's magic number":                         "它既不是压缩包，开头也没有 PyTorch 的标记",
	"storage %q is in the file and in no tensor":                                              "文件里的存储 %q 不属于任何张量",
	"the storage of %s is missing or cut off":                                                 "%s 的存储缺失或不完整",
	"it has a tensor that reaches beyond its storage or repeats its elements":                 "里面有张量超出了它的存储，或重复使用其中的元素",
	"its tensors share storages so that together they are far larger than the file":           "各张量共用存储，合起来远大于文件本身",
	"it has a tensor with a name of more than %d bytes":                                       "里面有张量的名称超过 %d 字节",
	"its dictionaries are nested more than %d deep":                                           "字典的嵌套超过 %d 层",
	"it has a storage that is part of another, as PyTorch before 0.4 wrote":                   "里面有一个存储是另一个的一部分，这是 PyTorch 0.4 以前的写法",
	"the pickle has the instruction %#02x, which no file of tensors needs":                    "pickle 里有指令 %#02x，张量文件从不需要它",
	"the pickle has protocol %d; the latest is 5":                                             "pickle 的协议是 %d；最新的是 5",
	"the pickle ends in the middle":                                                           "pickle 在中途结束",
	"the pickle's instructions do not go together":                                            "pickle 的指令前后不符",
	"the pickle needs far more memory than the file has bytes":                                "pickle 所需的内存远多于文件的字节数",
	"the pickle holds more than %d values at once":                                            "pickle 同时持有的值超过 %d 个",
	"the pickle has a dictionary whose keys are neither strings nor numbers":                  "pickle 里有字典的键既不是字符串也不是数",
	"the pickle fills a dictionary in a way that no file of tensors needs":                    "pickle 填充字典的方式，张量文件从不需要",

	// convert
	"IN, OUT and one TEXT at most": "IN、OUT 和至多一个 TEXT",
	"%s exists":                    "%s 已存在",
	"choose another name, or replace it with --force":          "请换一个名称，或用 --force 覆盖",
	"%s exists, and is another program":                        "%s 已存在，而且是别的程序",
	"choose another directory, or replace it with --force":     "请换一个目录，或用 --force 覆盖",
	"a TEXT is for a run directory; %s is a file":              "TEXT 只用于运行目录；%s 是文件",
	"leave the TEXT out":                                       "请去掉 TEXT",
	"--%s says how a TEXT is read, but none is given":          "--%s 说明怎样读 TEXT，却没有给出 TEXT",
	"this run was converted from a model file and has no text": "这次运行由模型文件转换而来，没有文本",
	"give one as TEXT":                                         "请给出一个 TEXT",
	"%s %dx%d, embedding %d, vocabulary of %s, %s weights: %s": "%s %dx%d，嵌入 %d，词表大小 %s，%s 个权重：%s",
}

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
}
