package scope

// Page is a text that a model is writing, and what it would write next.
type Page struct {
	Seq    uint64 // rises with each that is handed out, by whichever way
	Run    int    // as in Snapshot
	Update int64  // that the weights are of
	Best   bool   // the weights with the lowest validation loss
	Frozen bool   // the weights stay; otherwise new ones are read now and then

	Ngram    int  // the order of the n-gram that writes in the network's place, 0 for the network
	Counting bool // an n-gram is to write, once it is counted

	Writing bool    // tokens come by themselves
	Speed   float64 // tokens a second, when they do
	Full    bool    // the longest text is written
	Failure error   // why nothing can be written, nil when something can

	Temperature float64
	TopK        int
	TopP        float64
	Seed        uint64

	Prompt  string
	Unknown int // symbols of the prompt that the model does not know
	Tokens  []Written
	Next    []Candidate // what may come next, the most probable first, at most NextMost
	Kept    int         // tokens that top-k, top-p and temperature 0 leave
	Entropy float64     // of what the next token is drawn from, nats
	AtOne   float64     // the entropy at temperature 1, nothing cut

	Branch, Branches int      // this text, counted from 0, among those begun
	Columns          []Column // the same draws at several temperatures, when asked for
}

// NextMost is how many candidates a page has at most.
const NextMost = 60

// Written is a token of a page.
type Written struct {
	Token
	P           float64 // that it had, after temperature and cuts
	PAt1        float64 // at temperature 1, nothing cut
	Entropy     float64 // of what it was drawn from, nats
	Temperature float64
	Hand        bool // chosen by hand
	Prompt      bool // given
}

// Token is a token by its id, -1 for a symbol that the vocabulary does not
// have. Text is what the vocabulary calls it, Piece what it adds to a text: at
// word level with the space before it.
type Token struct {
	ID          int
	Text, Piece string
}

// Candidate is a token that may come next.
type Candidate struct {
	Token
	P, PAt1 float64
}

// Column is what is written at one temperature.
type Column struct {
	Temperature float64
	Tokens      []Written
	Wrote       int     // tokens that are not of the prompt
	MeanEntropy float64 // of what those were drawn from
}
