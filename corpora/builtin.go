package corpora

import (
	"slices"
	"strconv"
	"strings"

	"rnnscope/core/say"
)

// Default is the built-in text that is opened when none is named.
const Default = "fables"

// Kind is what a built-in name stands for.
type Kind string

const (
	Prose         Kind = "text"    // written by hand, one text to be split
	Grammar       Kind = "grammar" // generated, with an exact entropy
	SentencePairs Kind = "pairs"   // sentences in pairs, to be scored rather than read
)

// seeds are those of the splits of every grammar, in the order train, valid,
// test.
var seeds = [3]uint64{1, 2, 3}

// family is a row of the table of built-in texts: a text, or a grammar in all
// its variants.
type family struct {
	name, alias      string
	title, titleZH   string
	about, aboutZH   string
	level            Level
	text             *string                              // nil for a grammar
	pairs            bool                                 // the text is a table of pairs
	grammar          func(variant string) (grammar, bool) // false: there is no such variant
	forgets          string                               // what the model lacks that expected.forgets speaks of
	variants, syntax string                               // those shown, and how to name others
	lines            [3]int
	stream           uint64 // of random numbers: the name in ASCII
}

// families is the table. A new text is one row here, a new grammar one file
// and one row.
var families = []family{
	{
		name: "fables", title: "Fables, letters and dialogues in English", titleZH: "英文寓言、书信与对话",
		about:   "Original short prose of many voices: real language, in which no entropy is known.",
		aboutZH: "多种口吻的原创英文短篇：真实的语言，熵是多少没有人知道。",
		text:    &fablesText,
	},
	{
		name: "zh", title: "Short prose and verse in Chinese", titleZH: "中文短文与小诗",
		about:   "Original Chinese pieces: many kinds of characters, most of them seen only a few times.",
		aboutZH: "原创的中文短文和小诗：字种很多，大多数字只出现几次。",
		text:    &zhText,
	},
	{
		name: "recall", title: "Delayed recall", titleZH: "延迟回忆",
		about:   "A key letter must be repeated after a row of letters that do not matter. How far does the gradient reach?",
		aboutZH: "隔着一串无关的字母，把开头的字母再写一遍。梯度能传多远？",
		grammar: recallVariant, forgets: "the key", variants: "20 50 mixed:20 same:10",
		syntax: "a lag from 1 to 1000, as in recall:30, recall:mixed:30 or recall:same:30",
		lines:  [3]int{40_000, 2_000, 2_000}, stream: 0x7265_6361_6c6c,
	},
	{
		name: "reber", title: "Embedded Reber grammar", titleZH: "嵌入式 Reber 文法",
		about:   "The benchmark of the first LSTM. The last few letters tell all that can be known of the next, but for one, which repeats the second.",
		aboutZH: "最早的 LSTM 论文所用的基准。下一个字母所能知道的都在前几个字母里，只有一个例外：它要重复第二个字母。",
		grammar: only(reber{}), forgets: "the first outer letter",
		lines: [3]int{40_000, 2_000, 2_000}, stream: 0x7265_6265_72,
	},
	{
		name: "brackets", title: "Nested brackets of three kinds", titleZH: "三种括号的嵌套",
		about:   "What was opened last must be closed first, up to eight deep: a stack has to live in the hidden state.",
		aboutZH: "后开的先关，最深八层：隐藏状态里要有一个栈。",
		grammar: bracketsVariant, forgets: "the kinds of the open brackets", variants: "4",
		syntax: "a depth from 1 to 100, as in brackets:6",
		lines:  [3]int{40_000, 2_000, 2_000}, stream: 0x6272_6163_6b65_7473,
	},
	{
		name: "sums", title: "Sums of two numbers up to 99", titleZH: "两个 99 以内的数相加",
		about:   "Addition as text. The answer holds no surprise for a reader who can add; in reverse, each digit needs but one carry.",
		aboutZH: "写成文本的加法。会加法的读者对答案毫不意外；倒着写时，每一位只需要一个进位。",
		grammar: sumsVariant, forgets: "both numbers", variants: "reversed",
		lines: [3]int{40_000, 2_000, 2_000}, stream: 0x7375_6d73,
	},
	{
		name: "agreement", title: "Subjects and their verbs", titleZH: "主谓一致",
		about:   "The keys to the cabinet are here: the verb agrees with a noun that is not the nearest.",
		aboutZH: "动词要与主语一致，而最近的名词往往不是主语。",
		level:   Word, grammar: only(agreement{phrases: 3}), forgets: "the number of the subject",
		lines: [3]int{40_000, 2_000, 2_000}, stream: 0x6167_7265_656d_656e,
	},
	{
		name: "story", title: "Stories of five sentences", titleZH: "五句话的小故事",
		about:   "Two people, a thing, its colour and a place come back later, and pronouns for the people.",
		aboutZH: "两个人、一件东西、颜色和地点在后文再次出现，还有指代人物的代词。",
		level:   Word, grammar: only(story{}), forgets: "everything but the place in the line",
		lines: [3]int{20_000, 1_000, 1_000}, stream: 0x7374_6f72_79,
	},
	{
		name: "measure", alias: "liangci 量词", title: "Chinese measure words", titleZH: "量词",
		about:   "A measure word says what kind of noun must follow, with any number of adjectives between.",
		aboutZH: "量词决定后面能用哪些名词，中间可以隔着若干形容词。",
		grammar: only(newMeasure()), forgets: "the measure word",
		lines: [3]int{40_000, 2_000, 2_000}, stream: 0x6d65_6173_7572_65,
	},
	{
		name: "pairs", title: "Sentences to compare", titleZH: "句子对比",
		about:   "Two sentences that differ where a model should notice, in English and Chinese.",
		aboutZH: "中英文例句，两两对照，差别正在模型应当察觉之处。",
		text:    &pairsText, pairs: true,
	},
	{
		name: "agreement-pairs", title: "Agreement with 0 to 4 attractors", titleZH: "主谓一致对照句",
		about:   "Beginnings of sentences with the right and the wrong verb, as in: the keys to the cabinet, are, is.",
		aboutZH: "句子的开头，以及正确和错误的动词，如 the keys to the cabinet：are 或 is。",
		text:    &agreementPairsText, pairs: true,
	},
}

// only is a grammar without variants.
func only(g grammar) func(string) (grammar, bool) {
	return func(variant string) (grammar, bool) { return g, variant == "" }
}

func recallVariant(variant string) (grammar, bool) {
	g := recall{lag: 10}
	if variant == "" {
		return g, true
	}
	if kind, rest, ok := strings.Cut(variant, ":"); ok {
		g.mixed, g.same = kind == "mixed", kind == "same"
		if variant = rest; !g.mixed && !g.same {
			return nil, false
		}
	}
	lag, ok := whole(variant, 1000)
	g.lag = lag
	return g, ok
}

func bracketsVariant(variant string) (grammar, bool) {
	g := brackets{depth: 8, deeper: 2, more: 2}
	if variant == "" {
		return g, true
	}
	depth, ok := whole(variant, 100)
	g.depth = depth
	return g, ok
}

func sumsVariant(variant string) (grammar, bool) {
	return sums{reversed: variant == "reversed"}, variant == "" || variant == "reversed"
}

// whole reads a number from 1 to most, written as such a number is.
func whole(s string, most int) (int, bool) {
	n, err := strconv.Atoi(s)
	return n, err == nil && n >= 1 && n <= most && s == strconv.Itoa(n)
}

// builtin is one text or one variant of a grammar.
type builtin struct {
	family  *family
	name    string // without an alias
	level   Level
	grammar grammar // nil for a text
}

// named finds a built-in, pairs included, or returns nil, or an error when only
// its variant does not exist.
func named(name string) (*builtin, error) {
	base, variant, colon := strings.Cut(name, ":")
	for i := range families {
		f := &families[i]
		if base != f.name && !slices.Contains(strings.Fields(f.alias), base) {
			continue
		}
		b := &builtin{family: f, name: f.name, level: f.level}
		ok := !colon
		if f.grammar != nil && (variant != "" || !colon) {
			b.grammar, ok = f.grammar(variant)
		}
		if colon {
			b.name += ":" + variant
		}
		if !ok {
			return nil, &Error{
				What: say.Textf("%s: %s has no variant %q", name, f.name, variant),
				Hint: f.choices(),
			}
		}
		return b, nil
	}
	return nil, nil
}

// choices is what may be written in place of a variant that does not exist.
func (f *family) choices() say.Text {
	list := f.name
	for _, v := range strings.Fields(f.variants) {
		list += ", " + f.name + ":" + v
	}
	if f.syntax != "" {
		return say.Textf("try %s; %s", list, say.Phrase(f.syntax))
	}
	return say.Textf("try %s", list)
}

// lookup returns the built-in text called name (variants come after a colon, as
// in recall:20), nil when there is none, and an error when only its variant
// does not exist or the name is one of pairs of sentences.
func lookup(name string) (*builtin, error) {
	b, err := named(name)
	if b != nil && b.family.pairs {
		return nil, &Error{
			What: say.Textf("%s: pairs of sentences, not a text to read", name),
			Hint: say.Textf("look at them: rnnscope corpora show %s", name),
		}
	}
	return b, err
}

// text is the whole of a written text.
func (b *builtin) text() string { return *b.family.text }

// splits generates the three splits of a grammar; only the splits that a model
// is judged on keep their scored positions.
func (b *builtin) splits() [3]*generated {
	var out [3]*generated
	for part := range out {
		out[part] = b.split(part)
	}
	return out
}

func (b *builtin) split(part int) *generated {
	return generate(b.grammar, b.level, b.family.lines[part], newDraws(seeds[part], b.family.stream), part != train)
}
