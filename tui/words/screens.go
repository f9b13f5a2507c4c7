package words

// Train are the words of the screen that shows training.
type Train struct {
	Tab Tab

	LossNats, LossBits, LossPPL string // %s: character or word
	Char, Word                  string
	AxisUpdate                  string

	Uniform, UniformBits, UniformPPL, Floor, Forgets string
	UniformShort, FloorShort, ForgetsShort           string // beside a narrow chart
	Rival, BestRival                                 string // %d: the order
	Updates, Smooth, Valid, Best                     string
	Frozen, FrozenShort, Waiting                     string
	Before                                           string // %s: the update that a run was forked from

	Now, TrainLoss, ValidLoss, PPL string
	NoValid, FirstValid            string // %s: update
	Chance, Worse                  string // %s: V
	Hesitates, HesitatesShort      string // %s %s: perplexity, V
	Gradient                       string
	Clipped                        string // %s: per cent
	Ratio                          string
	Parts                          map[string]string
	Layer                          string // %d
	BestAt                         string // %s %s: loss, update
	Overfitting                    string // %s: update
	Right                          string // %s %s: per cent, of what
	Kept                           string // %s: directory
	Time, Scheduled, NoSplit       string // %s, %s

	Knobs, KnobsOf, LR, Clip, Window, Dropout, Off string
	Inert                                          string

	UnitName, TokenName          string
	Hidden, CellState            string // %d %d %d %d %d: layer, of, units from, to, of
	Stream, NotRead, NotReadHere string
	GoOn, Move                   string

	Writes       string // %s %s: temperature, update
	Film         string // %d %d
	NoSample     string
	WritesYet    string // the title before there is a sample
	SampleNow    string // after NoSample, where the model can write
	Words, Pairs string // %s %d: per cent, of
	Lines        string // %s %s: mean lengths
	Copied       string // %d %s

	Diverged                                      string
	Because                                       string // %s %s %s: reason, update, InTensor or nothing
	InTensor                                      string // %s
	WaitingFor                                    string
	LastLoss                                      string // %s %s
	NormBefore                                    string // %s
	LastNorms                                     string
	CauseClip, CauseLR, CauseUnclipped, CauseLoss string
	Again                                         string // %s: the update that it had gone back to
	GoBack                                        string // %s: update
	WithClip, WithLR, WithLRThen                  string // %s
	Anew                                          string
	Changes                                       map[string]string

	Pan string // what [ and ] do, in the bottom line
	Pause, Focus, Prev, Up, Down, Less, More, Units, LogX, LogY, ZoomIn, ZoomOut, PanL, PanR, Freeze,
	Restart, Seed, Cell, NextLayer, State, Sample, BackClip, BackRate Action
}

// Sample are the words of the screen on which a model writes.
type Sample struct {
	Tab Tab

	Page, Writing, Still                                   string
	WeightsNewest, WeightsBest, WeightsFrozen, WeightsPast string // %s: update
	Branch                                                 string // %s %d
	Next                                                   string
	Entropy                                                string // %s %s
	Argmax                                                 string
	Kept                                                   string // %s %s
	Temperature, TopK, TopP, Speed                         string
	PerSecond                                              string // %s
	Off, All                                               string
	Prompt, PromptHint                                     string
	Unknown                                                string // %d
	Empty, Full, Columns                                   string
	Column                                                 string // %s %s: temperature, mean entropy
	Scale, Low, High, Given, Hand                          string
	EntropyShort                                           string // %s
	Temperatures                                           string // %s %s
	Entropies, Together                                    string
	Marks                                                  string // on the bars of the candidates
	OneText                                                string // what v goes back to

	Run, One, BackToken, Up, Down, Choose, Cooler, Warmer, KLess, KMore, PLess, PMore, Slower, Faster,
	Compare, Split, Switch, Edit, Begin, Reseed, WeightsKey, PageUp, PageDown, Writer Action

	NgramWrites, NgramCounting string // %d; nothing
}

// Corpus are the words of the screen that shows the text.
type Corpus struct {
	Tab Tab

	Text                 string // %s %s %s: split, position, of
	Splits               [3]string
	Vocabulary, Facts    string
	Tokens               string // %s
	UnknownRate          string // %s
	SymbolCount          string // %s
	Level                string
	CharLevel, WordLevel string

	Unigram, Bigram, Floor string
	Nats, NatsShort        string // %s %s %s, %s %s
	Counting, TooMany      string
	LinesTitle             string
	NatsOnly               string // %s
	LineCount, LineMean    string // %s
	LineTop                string // %s
	Once, Never            string // %s
	Batch                  string // %d %d %s %s
	BatchWait              string
	Stream, Unknown        string
	NoWindow               string

	Split, Batches, Up, Down, PageUp, PageDown, Home, End, Focus Action
}
