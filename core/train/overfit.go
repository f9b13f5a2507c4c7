package train

import "math"

// Overfit watches the validation loss. Training has begun to learn the text by
// heart when the mean of the last three validation losses has stayed more than
// margin above the best such mean for three validations, while the training loss
// is below what it was at the best. Where both have risen, training has become
// worse, which is something else.
type Overfit struct {
	Best       float64 `json:"best"` // lowest validation loss, nats
	BestUpdate int64   `json:"best_update"`

	// Seen counts the validations; the last three are in Recent.
	Seen     int        `json:"seen"`
	Recent   [3]float64 `json:"recent"`
	Train    float64    `json:"train"`     // training loss at the best, nats
	BestMean float64    `json:"best_mean"` // lowest mean of three, 0 before the third
	Above    int        `json:"above"`     // validations since it was last near
	Said     bool       `json:"said"`
}

const margin = 0.005

// Look takes in a validation loss and the training loss of the time. best says that it is the lowest so far. since
// is the update from which the loss has been rising, 0 while it has not; first is
// true the first time since the mean of three was at its lowest.
func (o *Overfit) Look(update int64, loss, train float64) (best bool, since int64, first bool) {
	if math.IsNaN(loss) || math.IsInf(loss, 0) {
		return false, 0, false // the watch for divergence speaks of that
	}
	if o.Seen == 0 || loss < o.Best {
		o.Best, o.BestUpdate, o.Train, best = loss, update, train, true
		o.Above, o.Said = 0, false
	}
	o.Recent[o.Seen%len(o.Recent)] = loss
	o.Seen++
	if o.Seen < len(o.Recent) {
		return best, 0, false
	}
	mean := (o.Recent[0] + o.Recent[1] + o.Recent[2]) / 3
	switch {
	case o.BestMean == 0 || mean < o.BestMean:
		o.BestMean, o.Above, o.Said = mean, 0, false
	case mean > o.BestMean*(1+margin):
		o.Above++
	default:
		o.Above = 0
	}
	if o.Above < 3 || !(train < o.Train) {
		return best, 0, false
	}
	first = !o.Said
	o.Said = true
	return best, o.BestUpdate, first
}

// Back forgets the trend after the run went back to before it. The lowest loss
// stays: those weights were real.
func (o *Overfit) Back() {
	o.Seen, o.BestMean, o.Above, o.Said = min(o.Seen, 1), 0, 0, false
	o.Recent[0] = o.Best
}
