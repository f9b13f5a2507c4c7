package session

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"math"
	"strconv"

	"rnnscope/core/say"
	"rnnscope/core/scope"
	"rnnscope/core/store"
)

// Record is what the metrics of a run on disk say of it.
type Record struct {
	Updates  []Update // by update, as densely as they were kept
	Valid    []Valid
	Diverged *Diverged // how it ended last, if so
	Done     *Done     // likewise
}

// ReadRecord reads the metrics of the run in dir.
func ReadRecord(dir string) (*Record, error) {
	r := &Record{}
	for row, err := range store.History(dir) {
		if err != nil {
			return nil, err
		}
		switch row.Event {
		case "update":
			var u Update
			err = json.Unmarshal(row.JSON, &u)
			r.Updates = append(r.Updates, u)
			r.Diverged, r.Done = nil, nil // it was gone on with
		case "valid":
			var v Valid
			err = json.Unmarshal(row.JSON, &v)
			r.Valid = append(r.Valid, v)
		case "diverged":
			r.Diverged, r.Done = &Diverged{}, nil
			err = json.Unmarshal(row.JSON, r.Diverged)
		case "done":
			r.Done, r.Diverged = &Done{}, nil
			err = json.Unmarshal(row.JSON, r.Done)
		}
		if err != nil {
			return nil, say.Errorf("%s: an event %q is damaged: %w", dir, row.Event, err)
		}
	}
	return r, nil
}

// Curve is a figure of the updates, in at most that many buckets.
func (r *Record) Curve(buckets int, of func(Update) float64) []scope.Bucket {
	c := scope.NewCurve(buckets)
	for i, u := range r.Updates {
		c.Add(int64(i), of(u))
	}
	out := append([]scope.Bucket(nil), c.Buckets...)
	for i := range out { // kept updates are no row of numbers without gaps
		first := r.Updates[out[i].First]
		last := r.Updates[out[i].First+out[i].Count-1]
		out[i].First, out[i].Count = first.Update, last.Update-first.Update+1
	}
	return out
}

// Best is the validation with the lowest loss, nil without one.
func (r *Record) Best() *Valid {
	var best *Valid
	for i := range r.Valid {
		if v := &r.Valid[i]; best == nil || v.Loss < best.Loss {
			best = v
		}
	}
	return best
}

// WriteCSV writes one row an update or validation, in order: with empty fields
// where an event has no such figure.
func (r *Record) WriteCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	head := []string{"event", "update", "epoch", "loss (nats)", "perplexity", "bits", "grad_norm", "clipped", "lr", "tokens", "tokens_per_s", "seconds"}
	if err := out.Write(head); err != nil {
		return err
	}
	number := func(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
	valid := func(v Valid) error {
		return out.Write([]string{"valid", strconv.FormatInt(v.Update, 10), "", number(float64(v.Loss)), number(float64(v.Perplexity)), number(float64(v.Bits)), "", "", "", strconv.Itoa(v.Tokens), "", number(v.Seconds)})
	}
	next := 0
	for _, u := range r.Updates {
		for ; next < len(r.Valid) && r.Valid[next].Update < u.Update; next++ {
			if err := valid(r.Valid[next]); err != nil {
				return err
			}
		}
		err := out.Write([]string{"update", strconv.FormatInt(u.Update, 10), number(u.Epoch), number(float64(u.Loss)), number(math.Exp(float64(u.Loss))), number(float64(u.Loss) / math.Ln2),
			number(float64(u.GradNorm)), strconv.FormatBool(u.Clipped), number(u.LR), strconv.FormatInt(u.Tokens, 10), number(u.TokensPerSec), ""})
		if err != nil {
			return err
		}
	}
	for _, v := range r.Valid[next:] {
		if err := valid(v); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
