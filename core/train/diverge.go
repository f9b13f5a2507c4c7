package train

import (
	"fmt"
	"math"
)

// Diverged is why training stopped.
type Diverged struct {
	Update     int64
	Tensor     string  // the first whose gradient is not finite, "" when only the loss rose
	Reason     string  // "loss became NaN", "gradient became infinite", "loss rose …"
	NormBefore float64 // gradient norm of the update before
	Good       int64   // the update whose weights Trainer.Good has
}

func (d *Diverged) Error() string {
	where := ""
	if d.Tensor != "" {
		where = " in " + d.Tensor
	}
	return fmt.Sprintf("%s%s at update %d (gradient norm %.3g the update before)", d.Reason, where, d.Update, d.NormBefore)
}

// divergence watches the loss: training has diverged when loss or gradient is
// not finite, or when the smoothed loss has been above max(3·its best, ln V + 1)
// for patience updates. While all is well it keeps a copy of the weights every
// goodEvery updates.
type divergence struct {
	chance   float64 // ln V
	smoothed float64 // exponential average, over about 1/(1-smoothing) updates
	weight   float64
	best     float64
	above    int
	last     float64 // gradient norm of the update before
	good     []float32
	goodAt   int64
}

const (
	smoothing = 0.98
	patience  = 50
	goodEvery = 100
)

func newDivergence(vocab int) divergence {
	return divergence{chance: math.Log(float64(vocab)), best: math.Inf(1)}
}

// value is the smoothed loss, corrected for its start.
func (d *divergence) value() float64 { return d.smoothed / d.weight }

// look takes in one update and returns what is wrong, or nil.
func (d *divergence) look(t *Trainer, r Result) *Diverged {
	reason := ""
	switch {
	case math.IsNaN(r.Loss):
		reason = "loss became NaN"
	case math.IsInf(r.Loss, 0):
		reason = "loss became infinite"
	case math.IsNaN(r.GradNorm):
		reason = "gradient became NaN"
	case math.IsInf(r.GradNorm, 0):
		reason = "gradient became infinite"
	}
	if reason != "" {
		return &Diverged{Update: r.Update, Tensor: notFinite(t), Reason: reason, NormBefore: d.last, Good: d.goodAt}
	}
	before := d.last
	d.last = r.GradNorm
	d.smoothed = smoothing*d.smoothed + (1-smoothing)*r.Loss
	d.weight = smoothing*d.weight + (1 - smoothing)
	v := d.value()
	d.best = math.Min(d.best, v)
	limit := math.Max(3*d.best, d.chance+1)
	if v <= limit {
		d.above = 0
		if r.Update%goodEvery == 0 || d.good == nil {
			d.good = append(d.good[:0], t.Model.Weights()...)
			d.goodAt = r.Update
		}
		return nil
	}
	if d.above++; d.above < patience {
		return nil
	}
	reason = fmt.Sprintf("loss rose to %.3g, above %.3g for %d updates,", v, limit, patience)
	return &Diverged{Update: r.Update, Reason: reason, NormBefore: before, Good: d.goodAt}
}

// notFinite names the first tensor whose gradient, or else whose value, is not
// finite.
func notFinite(t *Trainer) string {
	for _, values := range []bool{false, true} {
		for _, p := range t.Model.Tensors() {
			data := p.Grad.Data
			if values {
				data = p.Value.Data
			}
			for _, x := range data {
				if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
					return p.Name
				}
			}
		}
	}
	return ""
}

// Smoothed is the exponential average of the loss over about the last fifty
// updates, in nats; NaN before the first.
func (t *Trainer) Smoothed() float64 { return t.watch.value() }

// Good puts the last weights from before the trouble back into the model and
// returns the update they are from; ok is false when there are none yet.
func (t *Trainer) Good() (update int64, ok bool) {
	if t.watch.good == nil {
		return 0, false
	}
	copy(t.Model.Weights(), t.watch.good)
	t.Model.Pack(0, 1)
	return t.watch.goodAt, true
}
