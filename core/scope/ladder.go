package scope

// Ladder is how far models of every kind have come on one split of one text.
// Its rungs keep their places.
type Ladder struct {
	Phase   LadderPhase
	Counted float64 // share of the counting that is done
	Vocab   int     // V
	Tokens  int     // scored on: the same for every rung
	Of      int     // that the validation split has
	Rungs   []Rung

	// The networks, which train in lock-step on the same batches.
	Embed, Hidden, Length int // E, H, and N of the window model
	Batch, Window         int
	LR                    float64
	Updates               int64 // each has made
	Epoch                 float64
	Rate                  float64 // tokens a second, of each
	Threads, Beside       int     // of the ladder, and of the main training
	Failure               error
}

// LadderPhase is what a ladder is doing.
type LadderPhase uint8

// The phases.
const (
	LadderWaiting  LadderPhase = iota // nobody has looked yet
	LadderCounting                    // counts n-grams
	LadderScoring                     // scores the n-grams
	LadderReady                       // the networks may start
	LadderTraining
	LadderPaused
	LadderOver // no network can go on
)

// RungKind is a kind of model.
type RungKind uint8

// The kinds, in the order of the lecture.
const (
	Uniform RungKind = iota
	Unigram
	NgramRung
	WindowRung
	NetworkRung
	Published // a result from the literature, not measured here
)

// Rung is one model. Loss is NaN while it is not known.
type Rung struct {
	Kind      RungKind
	Order     int    // of an n-gram
	Smoothing string // of an n-gram, as ngram.Smoothing writes it
	Cell      string // of a recurrent network
	Name      string // of a published result
	Source    string // likewise: where it stands

	Loss    float64 // nats per token; +Inf where a token has probability 0
	Zero    int     // tokens with probability 0
	Size    int64   // parameters; of an n-gram its entries
	Bytes   int64
	Seconds float64 // to count and estimate, or trained so far

	// Of networks.
	Updates    int64   // that Loss was measured after
	Train      float64 // smoothed loss of training
	Best       float64 // the lowest Loss so far
	BestUpdate int64
	Diverged   bool
	Scores     []Validation // every Loss so far, in order of update
}

// Wins says which tokens one rung predicts better than another: means of
// ln p(A) - ln p(B), so that what is positive speaks for A.
type Wins struct {
	A, B         int // rungs
	Tokens       int // compared
	Mean         float64
	ZeroA, ZeroB int // tokens to which one gives probability 0: they are in no mean
	Frequency    []WinClass
	Distance     []WinClass
	ForA, ForB   []WinToken // with the largest difference either way
}

// WinClass is the tokens whose count in the training split, or whose distance
// to the last time they stood in the text, is From … To.
type WinClass struct {
	From, To int64 // To is -1 where there is no end; From is -1 for what has not stood there
	Tokens   int
	Mean     float64 // NaN without tokens
}

// WinToken is a token in its context.
type WinToken struct {
	Pos           int
	Before, After string
	Token         Token
	A, B          float64 // ln p
	Count         int64   // in the training split
	Distance      int     // tokens since it stood there last, -1 when never
}

// Workbench is what n-grams say after a history.
type Workbench struct {
	Order     int
	History   []Token  // as far as it is used: the last Order-1
	Unknown   int      // of its symbols
	Seen      int64    // times that the history was followed by a token
	Used      int      // the longest end of it that was seen, tokens
	Columns   []string // smoothings
	Rows      []WorkRow
	Moved     []float64 // by column: the mass taken from what was seen
	Unseen    []float64 // by column: the mass of what was never seen after the history
	Judged    bool      // the history was seen, so that Moved and Unseen mean something
	Meter     []Storage
	Adjusted  []Adjusted // by count, of the n-grams of this order
	Discounts int        // the highest count that Katz discounts
	P0        float64    // Simple Good-Turing's mass for all that is unseen; NaN when it does not hold
	Fickle    []Contrast // frequent tokens with few contexts
	Steady    []Contrast // as frequent with many
	Typed     *Contrast  // the last token of the history
	All       [2]int64   // tokens, and pairs: what the two unigrams are shares of
}

// WorkRow is a token that may come next.
type WorkRow struct {
	Token
	Count    int64 // after the history
	Contexts int64 // different tokens before history and token; -1 when not counted
	P        []float64
}

// Storage is how many n-grams of an order there could be and are.
type Storage struct {
	N        int
	Possible float64 // V^n
	Seen     int64
	Bytes    int64
}

// Adjusted is a count r, how many n-grams have it, and what it is worth: what Katz
// leaves of it, d_r·r, and Gale and Sampson's Good-Turing estimate, NaN where there
// is none.
type Adjusted struct {
	R, N         int64
	Katz, Simple float64
}

// Contrast is how often a token occurs and after how many different ones.
type Contrast struct {
	Token
	Count, Contexts int64
}

// WindowDemo is what a window model makes of a typed text, beside a recurrent
// network.
type WindowDemo struct {
	Length  int     // N
	Tokens  []Token // the whole text
	Slots   []Token // [N] what the model sees: ID V is padding
	Updates int64   // of the window model
	Cell    string  // of the network
	Marked  int     // the token of Slots' effect
	// Effect is what replacing each token of the text does to the distribution
	// of the next: ½Σ|p-q|, of the window model and of the network.
	Window, Network []float64
	Instead         Token     // what they are replaced by
	InsteadOf       Token     // what that token itself is replaced by
	Hidden          int       // H
	Weights         []float32 // [N,H] what the marked token adds to the hidden layer in each slot
	Sizes           []SizeAt
	Next            [2][]Candidate // the most probable next tokens of both
}

// SizeAt is the parameters of models that see a history of a length.
type SizeAt struct{ Length, Window, Network int }

// Verdict is what models make of two sentences.
type Verdict struct {
	Sentences [2]string
	Models    []Rung // that were asked; Kind NetworkRung with an empty Loss is the main model
	Scores    [2][]SentenceLine
}

// SentenceLine is a sentence under one model.
type SentenceLine struct {
	Tokens  []ScoredToken
	Sum     float64 // ln p of the sentence, -Inf where a token has probability 0; NaN when nothing was scored
	Scored  int
	Unknown int
}

// ScoredToken is ln p of a token after those before it, NaN when it was not
// scored.
type ScoredToken struct {
	Text    string
	LogP    float64
	Unknown bool
}
