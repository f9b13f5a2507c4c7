package train

import (
	"math"

	"rnnscope/core/kernel"
	"rnnscope/core/rnn"
	"rnnscope/core/scope"
)

// Result is what one update did.
type Result struct {
	Update   int64   // its number, from 1
	Epoch    float64 // epochs trained after it
	Loss     float64 // mean over the window's scored targets, nats; NaN when there are none
	GradNorm float64 // global 2-norm over all parameters before clipping
	Clipped  bool
	LR       float64
	Tokens   int // targets of the window
}

// Trainer takes a model through windows of a source.
type Trainer struct {
	Config
	Model *rnn.Model // nil of a window model
	Total int64      // updates planned, for the cosine schedule; 0 when not known

	source Source
	valued Valued // the same, when it hands out numbers; else nil
	team   *kernel.Team
	tape   *rnn.Tape // nil of a window model
	network
	opt     *optimizer
	moments [][]float32
	still   bool  // they are zero, as at first
	updates int64 // made so far by this trainer and those it was restored from
	seen    int64 // scored tokens trained on
	watch   divergence
	unkept  bool // its good copy has not been made

	last                      Result
	clipped                   int64 // updates
	followed, followedClipped int64 // of updates that another program made
	losses, norms             scope.Curve
	valid                     []scope.Validation

	began    int64        // where in each stream the last window did
	unread   bool         // the tape has not read a window
	readAt   int64        // the update that read the last window; see Look
	kept     scope.Stream // what the last one read, while it has not
	recent   []float64    // gradient norms of the last updates
	average  float64      // of the losses, for snapshots
	averaged int64        // how many it is of
	measure  bool         // the next update notes its ratios
	before   []float32    // the weights before it
	ratio    []scope.Ratio

	now     step
	workers []workspace
	copies  []optimized // for each copy of the weights that is moved
	alike   uint64      // the version of the weights that the copies' moments go with
	norm    float64
	afterFn func(w int)
}

// workspace is what one worker notes.
type workspace struct {
	step    step
	moments [2][]float32 // its share of them, of an optimizer that has any
	cut     bool         // value clipping changed something
	_       [64]byte     // keeps two workers' notes off one cache line
}

// optimized is what moving a copy of the weights takes beside it.
type optimized struct {
	moments [][]float32 // the first copy's are the trainer's
	sums    []float64   // Σg² of each chunk of the gradients behind the embedding's
	rowSums []float64   // Σg² of the embedding's rows that the window has
}

// chunk is the piece of the gradients whose squares are summed at once: a
// fixed size, so that the norm does not depend on the number of workers.
const chunk = 4096

// New returns a trainer of m on the source's windows.
func New(m *rnn.Model, source Source, team *kernel.Team, c Config) (*Trainer, error) {
	t := &Trainer{Config: c, Model: m, source: source, team: team}
	if err := t.validate(); err != nil {
		return nil, err
	}
	if v, ok := source.(Valued); ok {
		if inputs, targets := v.ByValue(); inputs || targets {
			t.valued = v
		}
	}
	t.tape = t.makeTape()
	t.network = recurrent(m, t.tape)
	t.prepare()
	return t, nil
}

// validate says what is wrong with the settings, and finds the optimizer.
func (t *Trainer) validate() (err error) {
	if err := t.Config.Validate(); err != nil {
		return err
	}
	t.opt, err = optimizerOf(t.Optimizer)
	return err
}

// prepare makes room for what the optimizer keeps, and shares the weights out.
func (t *Trainer) prepare() {
	n := len(t.weights)
	t.moments = make([][]float32, len(t.opt.moments))
	var room kernel.Layout
	for i := range t.moments {
		room.Add(&t.moments[i], n)
	}
	room.Alloc()
	t.still = true
	t.workers = make([]workspace, t.team.Size())
	t.optimize()
	t.afterFn = t.after
	t.unread = true
	t.proceed(t.progress())
}

// optimize makes room for what goes with each copy of the weights.
func (t *Trainer) optimize() {
	n := len(t.weights)
	embedding, row := t.rows()
	t.copies = make([]optimized, t.pass.Copies())
	for i := range t.copies {
		c := &t.copies[i]
		const line = 64 / 8 // no two copies' sums share one
		c.sums = make([]float64, (n-embedding+chunk-1)/chunk+line)
		c.sums = c.sums[:len(c.sums)-line]
		if embedding > 0 {
			c.rowSums = make([]float64, embedding/row+line)[:embedding/row]
		}
		if i == 0 {
			c.moments = t.moments
			continue
		}
		c.moments = make([][]float32, len(t.moments))
		for j, m := range t.moments {
			c.moments[j] = kernel.Alloc(n)
			copy(c.moments[j], m)
		}
	}
	t.alike = t.version()
}

// agree makes the moments of all copies those of the first again if weights were set by
// something else than an update, which moves all alike.
func (t *Trainer) agree() {
	if t.alike == t.version() {
		return
	}
	for _, c := range t.copies[1:] {
		for j, m := range t.moments {
			copy(c.moments[j], m)
		}
	}
}

// lastNorms is how many gradient norms a trainer remembers one by one.
const lastNorms = 40

// Tape is the last window's, to be read between updates; nil of a window model.
func (t *Trainer) Tape() *rnn.Tape { return t.tape }

// Updates is the number of updates made, Tokens the number of targets trained on.
func (t *Trainer) Updates() int64 { return t.updates }
func (t *Trainer) Tokens() int64  { return t.seen }

// Step makes one update. When the loss or the gradient is not finite the
// weights are left as they were and the error is a *Diverged; when the loss
// has risen for long it is one too. GoBack returns to before the trouble.
func (t *Trainer) Step() (Result, error) {
	t.keep()
	epoch, offset := t.source.Position()
	t.began = offset
	if t.next() {
		t.pass.Reset()
	}
	t.pass.SeedDropout(t.Seed, uint64(t.updates))
	lr := t.LR * t.Schedule.factor(epoch, t.updates, t.Total)
	t.now = step{lr: lr, decay: t.WeightDecay, n: t.updates + 1}

	if t.measure {
		t.before = append(t.before[:0], t.weights...)
	}
	t.still = false
	t.agree()
	loss := t.pass.Learn(t.afterFn)
	t.alike = t.version()
	if t.measure {
		t.measure = false
		t.ratios()
	}

	t.unread = false
	t.updates++
	t.readAt = t.updates
	tokens := 0
	for _, y := range t.targets {
		if y >= 0 {
			tokens++
		}
	}
	t.seen += int64(tokens)
	r := Result{Update: t.updates, Epoch: t.Epoch(), Loss: loss, GradNorm: t.norm, LR: lr, Tokens: tokens}
	r.Clipped = t.Clip > 0 && t.norm+1e-6 > t.Clip
	for w := range t.workers {
		r.Clipped = r.Clipped || t.workers[w].cut
	}
	if tokens == 0 {
		r.Loss = math.NaN()
	}
	t.last = r
	if r.Clipped {
		t.clipped++
	}
	t.count(r.Loss)
	t.losses.Add(r.Update, r.Loss)
	t.norms.Add(r.Update, r.GradNorm)
	t.remember(r.GradNorm)
	if d := t.watch.look(t, r); d != nil {
		return r, d
	}
	return r, nil
}

// count takes a loss into the average.
func (t *Trainer) count(loss float64) {
	if !math.IsNaN(loss) && !math.IsInf(loss, 0) {
		t.averaged++
		t.average += scope.SmoothingShare(t.averaged, scope.AverageOver) * (loss - t.average)
	}
}

// remember keeps the last gradient norms.
func (t *Trainer) remember(norm float64) {
	if len(t.recent) == lastNorms {
		t.recent = append(t.recent[:0], t.recent[1:]...)
	}
	t.recent = append(t.recent, norm)
}

// next fills the tape with the next window and says whether the state is
// zeroed before it.
func (t *Trainer) next() (reset bool) {
	if t.valued != nil {
		return t.valued.NextValues(t.tape.Values, t.tape.Goals, t.tape.IDs, t.tape.Targets)
	}
	return t.source.Next(t.ids, t.targets)
}

// Epoch is how many epochs are behind the source's position.
func (t *Trainer) Epoch() float64 {
	epoch, offset := t.source.Position()
	T, _ := t.source.Shape()
	return float64(epoch) + float64(offset)/float64(int64(T)*int64(max(1, t.source.Windows())))
}

// after is worker w's share of what follows the gradients: their norm, then
// the optimizer on the flat buffers, then the packed copies. Of the embedding only the
// rows that the window has need be read, and moved if others stay where they are.
func (t *Trainer) after(w int) {
	own, mine := &t.workers[w], t.pass.Own(w)
	own.cut = false
	c, ids := &t.copies[mine.Copy], mine.IDs
	embedding, length := t.rows()
	first, end := kernel.Share(len(ids), 1, mine.Worker, mine.Size)
	for u := first; u < end; u++ {
		c.rowSums[u] = t.squares(own, row(mine.Grads, ids[u], length))
	}
	lo, hi := kernel.Share(len(c.sums), 1, mine.Worker, mine.Size)
	for i := lo; i < hi; i++ {
		from := embedding + i*chunk
		c.sums[i] = t.squares(own, mine.Grads[from:min(len(mine.Grads), from+chunk)])
	}
	t.pass.Gather()
	sum := 0.0
	for _, sums := range [][]float64{c.rowSums[:len(ids)], c.sums} {
		for _, s := range sums {
			sum += s
		}
	}
	norm := math.Sqrt(sum)
	if w == 0 {
		t.norm = norm
	}
	if math.IsNaN(norm) || math.IsInf(norm, 0) {
		return
	}
	own.step = t.now
	own.step.scale = 1
	if t.Clip > 0 {
		own.step.scale = float32(math.Min(1, t.Clip/(norm+1e-6)))
	}
	from := 0
	if t.opt.still && own.step.decay == 0 {
		for _, id := range ids[first:end] {
			t.opt.update(t.kernel, row(mine.Weights, id, length), row(mine.Grads, id, length), nil, &own.step)
		}
		from = embedding
	}
	lo, hi = kernel.Share(len(mine.Weights)-from, chunk, mine.Worker, mine.Size)
	if lo, hi = from+lo, from+hi; lo < hi {
		for i, m := range c.moments {
			own.moments[i] = m[lo:hi]
		}
		t.opt.update(t.kernel, mine.Weights[lo:hi], mine.Grads[lo:hi], own.moments[:len(c.moments)], &own.step)
	}
	t.pass.Gather()
	t.pass.Pack(w)
}

// squares returns Σg² and clips the values if they are to be.
func (t *Trainer) squares(own *workspace, g []float32) float64 {
	sum := t.kernel.SumSquares(g)
	if t.ClipValue > 0 {
		t.kernel.Clamp(g, float32(t.ClipValue))
		own.cut = own.cut || t.kernel.SumSquares(g) != sum
	}
	return sum
}

// row is row id of a matrix of n columns at the front of a buffer.
func row(x []float32, id int32, n int) []float32 { return x[int(id)*n : (int(id)+1)*n] }
