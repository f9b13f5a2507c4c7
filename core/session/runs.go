package session

import (
	"cmp"
	"math"
	"os"
	"path/filepath"
	"slices"
	"time"

	"rnnscope/core/scope"
	"rnnscope/core/store"
)

// Runs are the runs in a directory, which other programs may be writing. It
// belongs to one goroutine.
type Runs struct {
	dir   string
	known map[string]*listed
}

// RunLine is what a list says of a run. Losses are in nats per token, NaN while
// there is none.
type RunLine struct {
	Name, Dir    string
	Text         string // it is trained on
	Cell         string
	Layers, Size int // and units of a layer
	Update       int64
	Epoch        float64
	Loss         float64 // smoothed over about the last fifty updates
	Valid        float64 // of the last validation
	Rate         float64 // tokens a second
	Phase        scope.Phase
	Heard        time.Time // when its metrics were last written
	Losses       scope.Curve
}

// listed is a run that is followed.
type listed struct {
	files *store.Follower
	line  RunLine
	seen  int64       // updates counted into the loss
	end   scope.Phase // Finished, Interrupted or Diverged once the run has said so
}

// RunsIn prepares to list the runs in a directory.
func RunsIn(dir string) *Runs { return &Runs{dir: dir, known: map[string]*listed{}} }

// listCurve is how many buckets a curve in a list has.
const listCurve = 512

// Poll reads what is new and returns the runs by name. Directories that are no
// runs are passed over; an error is that of the directory itself.
func (r *Runs) Poll() ([]RunLine, error) {
	entries, err := os.ReadDir(r.dir)
	if err != nil {
		return nil, err
	}
	there := map[string]bool{}
	for _, e := range entries {
		dir := filepath.Join(r.dir, e.Name())
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			continue
		}
		x := r.known[e.Name()]
		if x == nil {
			info, err := store.ReadInfo(dir)
			if err != nil {
				continue
			}
			x = &listed{files: store.Follow(dir), line: RunLine{
				Name: e.Name(), Dir: dir, Text: info.Corpus.Name, Cell: info.Model.Cell, Layers: info.Model.Layers, Size: info.Model.Hidden,
			}}
			x.forget()
			r.known[e.Name()] = x
		}
		if x.files.Gone() {
			continue
		}
		there[e.Name()] = true
		x.read()
	}
	var lines []RunLine
	for name, x := range r.known {
		if !there[name] {
			delete(r.known, name) // it is read anew when it comes back
			continue
		}
		line := x.line
		line.Losses = x.line.Losses.Clone()
		lines = append(lines, line)
	}
	slices.SortFunc(lines, func(a, b RunLine) int { return cmp.Compare(a.Name, b.Name) })
	return lines, nil
}

func (x *listed) forget() {
	l := &x.line
	l.Losses = *scope.NewCurve(listCurve)
	l.Update, l.Epoch, l.Loss, l.Valid, l.Rate = 0, 0, math.NaN(), math.NaN(), 0
	x.seen, x.end = 0, 0
}

// read takes in the lines that have come.
func (x *listed) read() {
	l := &x.line
	for {
		rows, anew, err := x.files.Read()
		if err != nil {
			break // as while it is written anew; the next time says more
		}
		if anew {
			x.forget()
		}
		if len(rows) == 0 {
			break
		}
		for _, row := range rows {
			x.take(ParseEvent(row))
		}
	}
	l.Heard = x.files.Written()
	switch {
	case x.end > 0:
		l.Phase = x.end
	case l.Heard.IsZero():
		l.Phase = scope.Starting
	case time.Since(l.Heard) > silence:
		l.Phase = scope.Silent
	default:
		l.Phase = scope.Training
	}
}

func (x *listed) take(e Event) {
	l := &x.line
	switch e := e.(type) {
	case Update:
		l.Losses.Cut(e.Update - 1)
		loss := float64(e.Loss)
		l.Losses.Add(e.Update, loss)
		l.Update, l.Epoch, l.Rate, x.end = e.Update, e.Epoch, e.TokensPerSec, 0
		if math.IsNaN(loss) || math.IsInf(loss, 0) {
			return
		}
		if x.seen++; x.seen == 1 {
			l.Loss = loss
		}
		l.Loss += scope.SmoothingShare(x.seen, scope.AverageOver) * (loss - l.Loss)
	case Valid:
		l.Valid = float64(e.Loss)
	case Diverged:
		x.end = scope.Diverged
	case Done:
		x.end = e.phase()
		l.Update, l.Epoch = max(l.Update, e.Updates), max(l.Epoch, e.Epoch) // the metrics have not every update
	}
}
