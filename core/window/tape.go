package window

import (
	"fmt"

	"rnnscope/core/kernel"
)

// Tape is a batch of T steps of B streams: its inputs and targets, and what the
// model computed for them. Row t·B+b is stream b at step t. The tokens before
// the batch that its first windows reach back to are carried from the last one.
type Tape struct {
	T, B    int
	IDs     []int32   // [T,B] inputs; -1 is a symbol without an id
	Targets []int32   // [T,B]; -1 is not scored
	Losses  []float64 // [T,B] nats, after Learn

	model   *Model
	team    *kernel.Team
	history []int32   // [N-1+T,B] the tokens before the batch, then the batch's
	x       []float32 // [R,N·E] windows of embeddings; ∂L/∂x after Learn
	dx      []float32 // [R,N·E]
	h       []float32 // [R,H]
	dh      []float32 // [R,H] ∂L/∂h, then ∂L/∂(pre-activation)
	logits  []float32 // [R,V]; ∂L/∂logits after Learn, probabilities after Score
	scratch [][]float32
	known   []bool  // [V+1] scratch of forget
	scale   float32 // 1/(scored targets)
	after   func(w int)
	jobs    struct{ predict, learn, score func(w int) } // made once: a closure a step would be garbage
}

// NewTape returns a tape for batches of T steps of B streams, computed by the
// given team, at the start of a text.
func (m *Model) NewTape(T, B int, team *kernel.Team) *Tape {
	if T < 1 || B < 1 {
		panic(fmt.Sprintf("window: NewTape: T %d, B %d", T, B))
	}
	R := T * B
	t := &Tape{
		T: T, B: B, model: m, team: team,
		IDs: make([]int32, R), Targets: make([]int32, R), Losses: make([]float64, R),
		history: make([]int32, (m.Length-1+T)*B),
		x:       kernel.Alloc(R * m.Length * m.Embed), dx: kernel.Alloc(R * m.Length * m.Embed),
		h: kernel.Alloc(R * m.Hidden), dh: kernel.Alloc(R * m.Hidden),
		logits: kernel.Alloc(R * m.Vocab),
		known:  make([]bool, m.Vocab+1),
	}
	for range team.Size() {
		t.scratch = append(t.scratch, kernel.Alloc(kernel.ScratchTN))
	}
	t.jobs.predict, t.jobs.learn, t.jobs.score = t.predict, t.learn, t.scoreRows
	t.Reset()
	return t
}

// Reset goes to the start of a text: the next batch reads padding before it.
func (t *Tape) Reset() {
	for i := range t.history {
		t.history[i] = t.model.Padding()
	}
}

// SeedDropout is for a model that drops nothing: it does nothing.
func (t *Tape) SeedDropout(seed, window uint64) {}

// History copies what the next batch has before it, [N-1,B], into dst, growing
// it as needed; SetHistory puts it back.
func (t *Tape) History(dst []int32) []int32 {
	return append(dst[:0], t.history[t.T*t.B:]...)
}
func (t *Tape) SetHistory(src []int32) {
	if len(src) != (t.model.Length-1)*t.B {
		panic(fmt.Sprintf("window: SetHistory: %d tokens, want %d", len(src), (t.model.Length-1)*t.B))
	}
	copy(t.history[t.T*t.B:], src)
}

// Logits is the output of step s of stream b, [V]: logits after Forward,
// probabilities after Score, ∂L/∂logits after Learn.
func (t *Tape) Logits(s, b int) []float32 { return row(t.logits, s*t.B+b, t.model.Vocab) }

func row(x []float32, r, n int) []float32 { return x[r*n : r*n+n : r*n+n] }

// prepare moves the end of the last batch in front of this one. One worker does
// it.
func (t *Tape) prepare() {
	copy(t.history, t.history[t.T*t.B:])
	copy(t.history[(t.model.Length-1)*t.B:], t.IDs)
}

// rows is worker w's share of the rows.
func (t *Tape) rows(w int) (lo, hi int) { return kernel.Share(t.T*t.B, 1, w, t.team.Size()) }

// forward takes worker w's rows to the logits.
func (t *Tape) forward(w int) {
	m := t.model
	lo, hi := t.rows(w)
	if lo == hi {
		return
	}
	E, H, V, width := m.Embed, m.Hidden, m.Vocab, m.Length*m.Embed
	for r := lo; r < hi; r++ {
		x := row(t.x, r, width)
		for i := range m.Length {
			// Slot i of row r is N-1-i steps back, which is i·B further on in the history.
			if e := m.embed(t.history[r+i*t.B]); e != nil {
				copy(x[i*E:(i+1)*E], e)
			} else {
				clear(x[i*E : (i+1)*E])
			}
		}
		copy(row(t.h, r, H), m.hiddenB.Value)
		copy(row(t.logits, r, V), m.fcB.Value)
	}
	n := kernel.Consecutive(hi - lo)
	m.Kernel.Mul(n, t.x[lo*width:], width, m.hidFwd, 0, m.hidFwd.Panels(), t.h[lo*H:], H, true)
	for r := lo; r < hi; r++ {
		h := row(t.h, r, H)
		m.Kernel.Tanh(h, h)
	}
	m.Kernel.Mul(n, t.h[lo*H:], H, m.fcFwd, 0, m.fcFwd.Panels(), t.logits[lo*V:], V, true)
}

// Forward computes the logits of the batch in IDs.
func (t *Tape) Forward() {
	t.prepare()
	t.team.Run(t.jobs.predict)
}

func (t *Tape) predict(w int) { t.forward(w) }

// Score computes the batch in IDs, what Logits returns as probabilities, and in
// Losses the surprisal of each target in nats; that of a target of -1 means
// nothing.
func (t *Tape) Score() {
	t.prepare()
	t.team.Run(t.jobs.score)
}

func (t *Tape) scoreRows(w int) {
	t.forward(w)
	lo, hi := t.rows(w)
	for r := lo; r < hi; r++ {
		out, y := row(t.logits, r, t.model.Vocab), t.Targets[r]
		var x float32
		if y >= 0 {
			x = out[y]
		}
		t.Losses[r] = t.model.Kernel.Softmax(out) - float64(x)
	}
}
