package train

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"sync"

	"rnnscope/core/kernel"
	"rnnscope/core/rnn"
	"rnnscope/core/say"
)

// Diverged is why training stopped.
type Diverged struct {
	Update     int64
	Tensor     string   // the first that is not finite: a weight, else a gradient; "" when only the loss rose
	Reason     say.Text // "loss became NaN", "gradient became infinite", "loss rose …"
	NormBefore float64  // gradient norm of the update before
	Good       int64    // the update that Trainer.GoBack returns to
}

func (d *Diverged) Error() string { return d.Say(nil) }

// Say is the message in another language.
func (d *Diverged) Say(translate say.Translate) string {
	return d.message(d.Reason).Say(translate)
}

// message is what happened, for a reason.
func (d *Diverged) message(reason say.Speaker) say.Text {
	if d.Tensor != "" {
		reason = say.Textf("%s in %s", reason, d.Tensor)
	}
	what := say.Textf("%s at update %d", reason, d.Update)
	if d.Update > 1 {
		what = say.Textf("%s (gradient norm %.3g the update before)", what, d.NormBefore)
	}
	return what
}

// divergence watches the loss: training has diverged when loss or gradient is
// not finite, or when the smoothed loss has been above max(3·its best, ln V + 1),
// of a regression max(3·its best, 3·chance), for patience updates.
//
// Every goodEvery updates it keeps a copy of the trainer, which is only a
// candidate: what its weights are worth is seen in the losses that follow. It
// becomes the good one, to go back to, when the mean loss of the next goodEvery
// updates is not much above that of the goodEvery before; what was refused is
// never the measure.
type divergence struct {
	ceiling float64 // a loss that no model should stay above: ln V + 1, of a regression 3·chance
	best    float64
	above   int
	last    float64 // gradient norm of the update before

	good, candidate *memory
	fresh           bool    // the candidate has not been judged good
	since           int     // updates since it was taken
	sum, before     float64 // of the losses since then, and their mean before
}

const (
	patience  = 50
	goodEvery = 100
	// The mean loss may rise by this factor and by this many nats without
	// spoiling a candidate: a loss near zero moves by more than its fifth.
	muchAbove, slack = 1.2, 0.1
	// enough losses judge a candidate when training ends before goodEvery.
	enough = 20
)

func newDivergence(t *Trainer) divergence {
	ceiling := math.Log(float64(t.vocab)) + 1
	if t.Chance > 0 {
		ceiling = 3 * t.Chance
	}
	return divergence{ceiling: ceiling, best: math.Inf(1)}
}

// look takes in one update and returns what is wrong, or nil.
func (d *divergence) look(t *Trainer, r Result) *Diverged {
	if r.Tokens == 0 { // nothing was scored, and nothing says how training goes
		return nil
	}
	var reason say.Text
	finite := false
	switch {
	case math.IsNaN(r.Loss):
		reason = say.Textf("loss became NaN")
	case math.IsInf(r.Loss, 0):
		reason = say.Textf("loss became infinite")
	case math.IsNaN(r.GradNorm):
		reason = say.Textf("gradient became NaN")
	case math.IsInf(r.GradNorm, 0):
		reason = say.Textf("gradient became infinite")
	default:
		finite = true
	}
	if !finite {
		d.judge()
		return &Diverged{Update: r.Update, Tensor: notFinite(t), Reason: reason, NormBefore: d.last, Good: d.good.progress.Update}
	}
	before := d.last
	d.last = r.GradNorm
	v := t.average
	d.best = math.Min(d.best, v)
	limit := math.Max(3*d.best, d.ceiling)
	d.remember(t, r.Loss)
	if v <= limit {
		d.above = 0
		return nil
	}
	if d.above++; d.above < patience {
		return nil
	}
	d.judge()
	reason = lossAbove(limit, patience, v)
	return &Diverged{Update: r.Update, Reason: reason, NormBefore: before, Good: d.good.progress.Update}
}

// lossAbove is the reason of a loss that is finite.
func lossAbove(limit float64, updates int, loss float64) say.Text {
	return say.Textf("average loss above %.3g for %d updates: %.3g", limit, updates, loss)
}

// messages are those of a Diverged, in English.
var messages = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(.+?)(?: in (\S+))? at update (\d+)(?: \(gradient norm (\S+) the update before\))?$`)
})

// MessageOf makes the message of a Diverged of its English text, which a log of
// trials has.
func MessageOf(english string) say.Speaker {
	m := messages().FindStringSubmatch(english)
	if m == nil {
		return say.Phrase(english)
	}
	update, err := strconv.ParseInt(m[3], 10, 64)
	norm, e := strconv.ParseFloat(cmp.Or(m[4], "0"), 64)
	if err != nil || e != nil {
		return say.Phrase(english)
	}
	d := Diverged{Tensor: m[2], Update: update, NormBefore: norm}
	return d.message(ReasonOf(m[1]))
}

// ReasonOf makes a Diverged's Reason of its English text, which a run's metrics
// have.
func ReasonOf(english string) say.Speaker {
	var limit, loss float64
	var updates int
	if _, err := fmt.Sscanf(english, "average loss above %g for %d updates: %g", &limit, &updates, &loss); err == nil {
		return lossAbove(limit, updates, loss)
	}
	return say.Phrase(english)
}

// remember takes in one loss and keeps a copy when it is time.
func (d *divergence) remember(t *Trainer, loss float64) {
	d.sum += loss
	d.since++
	if d.since < goodEvery {
		return
	}
	mean := d.sum / float64(d.since)
	d.judge()
	if d.fresh {
		mean = min(mean, d.before)
	}
	if d.candidate == nil {
		d.candidate = &memory{}
	}
	t.copyTo(d.candidate)
	d.fresh = true
	if d.before > 0 {
		mean = min(mean, muchAbove*d.before+slack)
	}
	d.before, d.sum, d.since = mean, 0, 0
}

// judge makes the candidate the good copy if the losses since speak for it.
func (d *divergence) judge() {
	if d.fresh && d.since >= enough && d.sum/float64(d.since) <= muchAbove*d.before+slack {
		d.good, d.candidate = d.candidate, d.good
		d.fresh = false
	}
}

// notFinite names the first tensor whose value, or else whose gradient, is not
// finite.
func notFinite(t *Trainer) string {
	for _, gradients := range []bool{false, true} {
		for _, p := range t.tensors {
			data := p.value
			if gradients {
				data = p.grad
			}
			for _, x := range data {
				if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
					return p.name
				}
			}
		}
	}
	return ""
}

// Smoothed is the running average of the loss over about the last fifty updates,
// at the beginning the last fifth, in nats; NaN before the first.
func (t *Trainer) Smoothed() float64 {
	if t.averaged == 0 {
		return math.NaN()
	}
	return t.average
}

// GoBack makes the trainer what it was at an update whose weights the losses
// after it proved good, the start at worst, and returns that update. Training
// can go on from there, with other settings.
//
// The curves forget what came after it.
func (t *Trainer) GoBack() (update int64) {
	t.keep()
	from := t.updates
	t.copyFrom(t.watch.good)
	t.recent = t.recent[:max(0, len(t.recent)-int(from-t.updates))]
	t.losses.Cut(t.updates)
	t.norms.Cut(t.updates)
	for n := len(t.valid); n > 0 && t.valid[n-1].Update > t.updates; n-- {
		t.valid = t.valid[:n-1]
	}
	return t.updates
}

// memory is a copy of all that training changes.
type memory struct {
	weights  []float32
	moments  [][]float32
	state    rnn.State
	history  []int32 // of a window model
	progress Progress
	last     Result
}

func (t *Trainer) copyTo(m *memory) {
	fresh := m.weights == nil
	if fresh {
		var room kernel.Layout
		m.moments = make([][]float32, len(t.moments))
		room.Add(&m.weights, len(t.weights))
		for i := range m.moments {
			room.Add(&m.moments[i], len(t.weights))
		}
		room.Alloc()
	}
	copy(m.weights, t.weights)
	if !fresh || !t.still { // else zeros are there, and their memory is not touched
		for i := range t.moments {
			copy(m.moments[i], t.moments[i])
		}
	}
	t.network.state(m)
	m.progress, m.last = t.progress(), t.last
}

func (t *Trainer) copyFrom(m *memory) {
	copy(t.weights, m.weights)
	for i := range t.moments {
		copy(t.moments[i], m.moments[i])
	}
	t.setState(m)
	if err := t.source.SeekTo(m.progress.Epoch, m.progress.Offset); err != nil {
		panic("train: going back: " + err.Error()) // the source was there before
	}
	t.packAll()
	t.proceed(m.progress)
	t.last = m.last
}
