package session

import (
	"math"
	"slices"

	"rnnscope/core/rnn"
	"rnnscope/core/store"
)

// filmstrip keeps the weights of a run as they were at milestones: before the
// first update and after 1, 2, 5, 10, 20, 50, 100, … Together they take no more
// than a budget; when they would, they are thinned out so that what is left is
// spread evenly over the orders of magnitude.
type filmstrip struct {
	budget int64 // bytes; 0 keeps nothing
	frames []frame
}

// frame is a snapshot: in memory as long as the run has no directory.
type frame struct {
	update int64
	bytes  int64
	model  []store.Tensor // nil when it is on disk
	disk   store.Snapshot
}

// milestone says whether the weights of an update are kept.
func milestone(update int64) bool {
	for update > 9 && update%10 == 0 {
		update /= 10
	}
	return update == 0 || update == 1 || update == 2 || update == 5
}

// continued takes up the snapshots of a run that goes on.
func (f *filmstrip) continued(dir string) error {
	all, err := store.Snapshots(dir)
	for _, s := range all {
		f.frames = append(f.frames, frame{update: s.Update, bytes: s.Bytes, disk: s})
	}
	return err
}

// add keeps the weights of an update. Those of later ones are of a future that
// was given up. run is nil while there is none.
func (f *filmstrip) add(run *store.Run, update int64, m *rnn.Model) error {
	size := 4 * int64(m.Size())
	for len(f.frames) > 0 && f.frames[len(f.frames)-1].update >= update {
		if err := f.drop(len(f.frames) - 1); err != nil {
			return err
		}
	}
	if size > f.budget {
		return nil
	}
	new := frame{update: update, bytes: size}
	for _, t := range m.Tensors() {
		data := t.Value.Data
		if run == nil {
			data = slices.Clone(data)
		}
		new.model = append(new.model, store.Tensor{Name: t.Name, Shape: t.Shape(), Data: data})
	}
	if run != nil {
		if err := new.develop(run); err != nil {
			return err
		}
	}
	f.frames = append(f.frames, new)
	return f.thin()
}

// develop puts a frame on disk.
func (f *frame) develop(run *store.Run) (err error) {
	if f.model == nil {
		return nil
	}
	if f.disk, err = run.AddSnapshot(f.update, f.model); err == nil {
		f.bytes, f.model = f.disk.Bytes, nil
	}
	return err
}

// developAll puts what is in memory on disk.
func (f *filmstrip) developAll(run *store.Run) error {
	for i := range f.frames {
		if err := f.frames[i].develop(run); err != nil {
			return err
		}
	}
	return nil
}

// thin drops frames until the rest fits the budget: the one whose neighbours are
// the closest, by the ratio of their updates; a power of ten counts double. The
// last goes only when nothing else is left.
func (f *filmstrip) thin() error {
	for {
		total := int64(0)
		for _, x := range f.frames {
			total += x.bytes
		}
		n := len(f.frames)
		if total <= f.budget || n == 0 {
			return nil
		}
		least, at := math.Inf(1), 0
		for i := 1; i < n-1; i++ {
			gap := math.Log(float64(f.frames[i+1].update) / math.Max(0.5, float64(f.frames[i-1].update)))
			if powerOfTen(f.frames[i].update) {
				gap *= 2
			}
			if gap < least {
				least, at = gap, i
			}
		}
		if err := f.drop(at); err != nil {
			return err
		}
	}
}

func powerOfTen(n int64) bool {
	for n > 1 && n%10 == 0 {
		n /= 10
	}
	return n == 1
}

func (f *filmstrip) drop(i int) error {
	gone := f.frames[i]
	f.frames = slices.Delete(f.frames, i, i+1)
	if gone.model == nil {
		return gone.disk.Drop()
	}
	return nil
}
