package scope

import "time"

// Inspection is what a frozen model did with one or two sentences, and the
// answers to what was asked about them so far. An answer says what it is about:
// a newer one may be under way.
type Inspection struct {
	Seq    uint64 // rises with each that is handed out, by whichever way
	Run    int    // as in Snapshot
	Update int64  // that the weights are of
	Best   bool   // the weights with the lowest validation loss
	Frozen bool   // the weights stay; otherwise new ones are read now and then

	Model      Shape    // Batch, Seed and Optimizer are not known
	Memory     bool     // the cell has a cell state c beside h
	Gates      []string // of the cell, in order
	Sentences  [2]Sentence
	Changes    Changes // interventions, that Changed was traced with
	Swap       *Swap   // where one of Changes.States comes from, nil for none
	Changed    *Trace  // the first sentence under the interventions; nil without any
	Arranged   *Arranged
	Equation   *Equation  // at the point asked for, without interventions
	Point      Point      // what these are about
	Next       []Part     // what the units add to the logit of the likeliest next token, largest first
	Influence  *Influence // this, GoingOn and Odds are worked out in the background
	Influenced int64      // update that Influence is of
	GoingOn    *GoingOn
	Answered   int64     // update that GoingOn and Odds are of
	Odds       *PairOdds // nil where the sentences have no pair of words to weigh
	Found      *UnitsFound
	Matched    *Matched
	UnitText   *UnitRead
	Sample     Sampled
	Busy       *Busy // the long question under way, nil for none
	Failure    error // why the last question has no answer
	Stopped    bool  // what is worked out in the background at Point was stopped, until something else is asked
	Background error // why the last long question has none; nil when it was stopped
}

// Sentence is a text as the model read it, from a zero state.
type Sentence struct {
	Text    string
	Pieces  []string // of each token: what it adds to the text
	Trace   *Trace   // no steps for an empty sentence
	Unknown int      // tokens that the vocabulary does not have, or has as <unk>
	Cut     int      // tokens that were left out at the end, because there were too many
	Kept    int      // how many are read at most
}

// Len is the number of tokens read.
func (s *Sentence) Len() int {
	if s.Trace == nil {
		return 0
	}
	return len(s.Trace.Steps)
}

// Point is a token of a sentence.
type Point struct{ Sentence, Token int }

// Part is what a unit of the top layer adds to a logit: W_hy·h of one unit. Unit
// -1 is the bias.
type Part struct {
	Unit  int
	Value float64
}

// Swap says that the state after token From of the second sentence takes the
// place of that after token At of the first.
type Swap struct{ From, At int }

// Arrangement is an order of units that takes some computing.
type Arrangement struct {
	Sentence, Layer int
	Quantity        Quantity
	Feature         string // order by the correlation with it; "" orders by similarity of lines
}

// Arranged is the answer: the units in order and, for a feature, the
// correlation of each unit by number, NaN for one that does not move.
type Arranged struct {
	Arrangement
	Order        []int
	Correlations []float64
	Features     []string // of the sentence, that can be asked for
}

// GoingOn is what the model writes after a point, as it is and under the
// interventions, from the same draws.
type GoingOn struct {
	Point
	Temperature float64
	Plain       []Written
	Changed     []Written // nil without interventions
}

// PairOdds is how the model weighs the words in which two sentences first
// differ, after each token that they have in common.
type PairOdds struct {
	A, B    string // the words
	Common  int    // tokens before them
	Plain   *LogOdds
	Changed *LogOdds // under the interventions, nil without any
}

// Sampled is the piece of the corpus that units are searched in.
type Sampled struct {
	Split  int      // 0 train, 1 validation, 2 test
	Pieces []string // of its tokens
}

// UnitsFound is the answer of a search, with the update that it is of.
type UnitsFound struct {
	*UnitSearch
	Update int64
}

// Matched is where the units that are on in a marked span are on again.
type Matched struct {
	*Match
	Text     string // of the first sentence
	From, To int    // the span of it
	Update   int64
}

// UnitRead is one unit through the sample.
type UnitRead struct {
	*UnitText
	Update int64
}

// Busy is a long question under way.
type Busy struct {
	What        string // influence, search, match, read
	Done, Total int
	Left        time.Duration // an estimate; 0 while there is none
}
