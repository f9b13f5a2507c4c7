package train

import "math"

// Overfit watches the validation loss. Training has begun to learn the text by
// heart when the mean of the last three validation losses has stayed more than
// margin above the best such mean for three validations.
type Overfit struct {
	Best       float64 // lowest validation loss, nats
	BestUpdate int64

	recent    [3]float64
	n         int
	bestMean  float64
	bestAt    int64
	above     int
	announced bool
}

const margin = 0.005

// Look takes in a validation loss. since is the update from which the loss has
// been rising, 0 while it has not; first is true the first time it is said.
func (o *Overfit) Look(update int64, loss float64) (since int64, first bool) {
	if o.BestUpdate == 0 || loss < o.Best {
		o.Best, o.BestUpdate = loss, update
	}
	if o.n == 0 {
		o.bestMean = math.Inf(1)
	}
	o.recent[o.n%len(o.recent)] = loss
	o.n++
	if o.n < len(o.recent) {
		return 0, false
	}
	mean := (o.recent[0] + o.recent[1] + o.recent[2]) / 3
	switch {
	case mean < o.bestMean:
		o.bestMean, o.bestAt, o.above, o.announced = mean, update, 0, false
	case mean > o.bestMean*(1+margin):
		o.above++
	default:
		o.above = 0
	}
	if o.above < 3 {
		return 0, false
	}
	first = !o.announced
	o.announced = true
	return o.BestUpdate, first
}
