package words

// Inspect are the words of the screen that steps through a sentence.
type Inspect struct {
	Tab Tab

	Views        [8]string
	Acts         [7]string // what space does: in map, equation, unit, find, compare, change, unrolled
	Enters       [5]string // and enter: in map, equation, unit, find, change
	SentenceHint string
	Wait, Empty  string
	Stopped      string
	OfUpdate     string // %s: update
	Unknown      string // %d
	Cut          string // %s %s: tokens read, of
	CutPaste     string // %s %s: characters pasted, taken
	NotFinite    string
	Full         string // %s: characters
	Held         string // %s: update

	Nats         string
	TokenAt      string // %d %d %s: token, of, quoted
	Surprised    string // %s %s: p, nats
	IsUnknown    string
	FirstToken   string
	EntropyAfter string // %s
	UnitAt       string // %d %s %s: unit, quantity, value

	Busy     map[string]string
	Left     string // %s: time left
	StopHint string
	Replaced string // %s: what was under way

	Quantities map[string]string
	Before     string    // %s: gate
	LayerOf    string    // %d %d
	Orders     [5]string // the last with %s: feature
	NoFeature  string
	Features   map[string]string
	UnitsShown string // %d %d

	Next   string
	Actual string // %s %s: token, p
	Parts  string // %s: token
	Bias   string

	EquationOf  string // %s %d %d %d %d: cell, layer, of, unit, token
	Operation   string // %d %d
	MoreAbove   string // %s: rows
	MoreBelow   string // %s: rows
	RowOf       string // %s %d: row, length
	Term, Value string

	UnitTitle string // %d %d %d: unit, layer, of
	Saturated string // %s %s %s: the low end, share there, share near 1
	ReadHint  string
	ReadTitle string // %s %s %s %s %s: tokens, split, mean, deviation, update

	FindHint                  string // %d: layer
	FoundTitle                string // %s %s %d %d %s: tokens, split, layer, units, update
	ColUnit                   string
	ColFeature                string
	ColScore                  string
	ColEffect                 string
	ColAll                    string
	ColP                      string
	ColPUnits                 string
	ColToken                  string
	FoundFoot                 string // %s %s %s: by shifts, on tokens, loss
	ByShifts                  string // %s
	ByPermutations            string // %s
	OffWhere                  string // a sentence, and what stands before the next
	JudgedBehind, JudgedFront string // %s: tokens
	SpanTitle                 string // %s %d %s: text, layer, threshold
	SpanHint, MatchAnew       string
	NoPattern                 string
	PatternUnits              string // %d %s
	SpansFound                string // %d %s %s %s: spans, tokens, split, update
	MarkFirst                 string
	Marking                   string
	Marked, OnFrom            string // %s: the text; the threshold
	NoSpan                    string

	InfluenceOn       string // %s %d %s %s: token, after, p, nats
	LeftOut           string
	LeftOutMeans      string
	Zeroed            string
	ZeroedMeans       string
	TimesInput        string
	TimesInputMeans   string
	GradientNorm      string
	GradientNormMeans string
	InfluenceFoot     string
	InfluenceFrom     string // %d

	NoSecond, ScaleOfBoth string
	CompareHint           string
	Verdict               string // %s %d %s %d: log p and tokens of A, of B
	PerToken              string // %s %s: of A, of B
	FirstUnscored         string
	FirstDiffer           string // at most 78 columns: it stands on a row of its own
	NoVerdict, ByPosition string
	Likelier              string // %s %s: sentence, by nats
	DifferenceAt          string // %d %s %s: unit, quantity, value
	NoPair                string
	OddsTitle             string // %s %s %d %s: words, after token, log-odds

	ChangeHint                                     string // %d: unit
	ChangeOf                                       string // %d %d: layer, unit
	Ablated                                        string
	Clamped                                        string // %s
	Scaled                                         string // %s
	FromToken                                      string // %d
	Swapped                                        string // %d %d: after token of A, of B
	MoreChanges                                    string // %d
	NoChange                                       string
	UndoHint, ShowsUnchanged, ShowsOdds, ShowsBoth string
	SentenceMoves                                  string // %s %s %s: before, after, difference
	Divergence                                     string // %s
	NextAfter                                      string // %d
	GoingOn                                        string
	GoingOnAt                                      string // %d %s %s: token, quoted, temperature
	OnlyFirst                                      string
	Without, With                                  string

	UnrolledNote               string // %d: unit
	UnrolledOne, UnrolledShort string // %d: unit
	MemoryNote                 string
	EquationNote               string
	StripNote                  string // what the strip of colours is
	StripShared                string // %d: units a cell
	NamesHere                  string // %s: the input's weights as the equation names them
	NamesThere                 string // %s: the same
	PresetKnown                string // %s: share of tokens
	FoldedNote, FoldedShort    string
	LayersShown                string // %d %d %d

	Far                                                                               string // what [ and ] do, in the bottom line
	View, ViewBack, Right, FarLeft, FarRight, First, Last, Up, Down, PageUp, PageDown Action
	LeftKey, Act, Enter, Back, Edit, EditB, Presets, Passage, Sentence                Action
	Quantity, QuantityBack, Layerk, Orderk, Featurek, Scalek, Zoom, WeightsKey        Action
	Search, Mark, Matchk, Lower, Higher, Stop                                         Action
	Ablate, Clamp, ScaleUnit, Less, More, FromHere, SwapState, Undo                   Action
}
