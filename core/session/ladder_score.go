package session

import (
	"math"
	"time"

	"rnnscope/core/ngram"
	"rnnscope/core/scope"
)

// scoreNgrams estimates and scores every n-gram, order by order, so that the
// short ones, which are fast and say most, come first.
func (d *Ladder) scoreNgrams() {
	d.view.Phase = scope.LadderScoring
	d.show()
	counts := d.bench.Load().counts
	for n := 1; n <= counts.Order; n++ {
		for i := range d.view.Rungs {
			r := &d.view.Rungs[i]
			if r.Kind != scope.Unigram && r.Kind != scope.NgramRung || r.Order != n {
				continue
			}
			s, err := ngram.ParseSmoothing(r.Smoothing)
			if err != nil {
				panic("session: " + err.Error())
			}
			d.scoreNgram(i, counts, s)
			if d.stopped() {
				return
			}
			d.show()
		}
	}
	for i := range d.view.Rungs { // uniform is one surprisal for all
		if d.view.Rungs[i].Kind == scope.Uniform {
			b := d.next()
			b.nats[i] = make([]float32, len(b.places))
			for j := range b.nats[i] {
				b.nats[i][j] = float32(d.view.Rungs[i].Loss)
			}
			d.put(b)
		}
	}
}

func (d *Ladder) scoreNgram(i int, counts *ngram.Counts, s ngram.Smoothing) {
	r := &d.view.Rungs[i]
	m := counts.Model(r.Order, s)
	nats := make([]float32, 0, d.view.Tokens)
	e := m.Evaluate(d.scored.IDs, false, func(_ int, x float64, _ *ngram.State) { nats = append(nats, float32(x)) }, d.stopped)
	if d.live.Ended() {
		return
	}
	r.Size, r.Bytes, r.Seconds = m.Entries(), m.Bytes(), counts.Seconds(r.Order)+m.Seconds
	r.Loss, r.Zero = e.Loss, e.Zero
	if e.Tokens == 0 {
		r.Loss = math.NaN()
	}
	b := d.next()
	b.nats[i] = nats
	d.put(b)
}

// race trains the networks in lock-step while it may, and scores them.
func (d *Ladder) race() {
	if err := d.line(); err != nil {
		d.view.Failure, d.view.Phase = err, scope.LadderOver
		d.show()
		return
	}
	d.view.Phase = scope.LadderReady
	b := d.next() // untrained they know nothing: that is not worth a scoring
	for _, r := range d.racers {
		b.racers = append(b.racers, r.freeze())
	}
	d.put(b)
	d.show()
	for {
		if !d.rest(func() bool { return d.looked && d.racing }) {
			return
		}
		d.view.Phase = scope.LadderTraining
		if d.meter == nil {
			d.meter = newMeter(time.Now())
		}
		if !d.round() {
			d.scoreRacers()
			d.view.Phase = scope.LadderOver
			d.show()
			return
		}
		if d.due() {
			d.scoreRacers()
		}
		if d.Views.Empty() {
			d.show()
		}
	}
}

// scoringShare is how much of the ladder's time scoring the networks takes at
// most, and leastBetween how many updates lie between two scorings.
const (
	scoringShare = 0.25
	leastBetween = 20
)

// due says that the networks may be scored again.
func (d *Ladder) due() bool {
	trained, scoring, between := 0.0, 0.0, 0
	for _, r := range d.racers {
		trained += r.since.Seconds()
		scoring += r.scoring.Seconds()
		between = max(between, r.between)
	}
	return between >= leastBetween && trained*scoringShare >= scoring*(1-scoringShare)
}

// scoreRacers scores the networks as they are, and keeps copies of them for
// questions.
func (d *Ladder) scoreRacers() {
	b := d.next()
	b.racers = nil
	for _, r := range d.racers {
		began := time.Now()
		nats := make([]float32, 0, d.view.Tokens)
		loss, tokens := r.evaluate(d.scored.IDs, d.team, func(_ int, _ []float32, x float64) { nats = append(nats, float32(x)) }, d.stopped)
		if d.live.Ended() {
			return
		}
		r.scoring, r.since, r.between = time.Since(began), 0, 0
		rung := &d.view.Rungs[r.rung]
		rung.Updates = r.trainer.Updates()
		if rung.Loss = loss; tokens == 0 {
			rung.Loss = math.NaN()
		}
		if rung.Updates > 0 && !(rung.Best <= loss) {
			rung.Best, rung.BestUpdate = rung.Loss, rung.Updates
		}
		if tokens > 0 {
			rung.Scores = spread(rung.Scores, scope.Validation{Update: rung.Updates, Tokens: tokens, Loss: loss})
		}
		b.nats[r.rung] = nats
		b.racers = append(b.racers, r.freeze())
	}
	d.put(b)
	d.show()
}

// mostScores is how many scores of a network a view has at most.
const mostScores = 400

// spread adds a score; when there are too many, every other one goes. What was
// handed out stays as it is.
func spread(scores []scope.Validation, s scope.Validation) []scope.Validation {
	if len(scores) < mostScores {
		return append(scores[:len(scores):len(scores)], s)
	}
	kept := make([]scope.Validation, 0, mostScores)
	for i := 0; i < len(scores); i += 2 {
		kept = append(kept, scores[i])
	}
	return append(kept, s)
}
