package train

import (
	"rnnscope/core/kernel"
	"rnnscope/core/rnn"
	"rnnscope/core/window"
)

// network is what a trainer knows of what it trains, which an rnn.Model and a
// window.Model give alike: the flat buffers, and a pass over a window.
type network struct {
	kernel         *kernel.Set
	vocab          int
	weights, grads []float32
	tensors        []tensor
	rows           func() (length, row int) // see rnn.Model.Rows
	packAll        func()
	version        func() uint64 // see rnn.Model.Version

	pass         pass
	ids, targets []int32         // of the pass, [T,B]
	state        func(m *memory) // copies what the next window starts from
	setState     func(m *memory)
}

// pass takes a window forward and back, and tells workers what is theirs of the
// weights: rnn.Tape does, and sharing makes window.Tape do so.
type pass interface {
	Reset()
	SeedDropout(seed, window uint64)
	Learn(after func(w int)) float64
	Own(w int) rnn.Own
	Copies() int
	Gather()
	Pack(w int)
}

// sharing is a pass of a window model, whose weights all workers share.
type sharing struct {
	*window.Tape
	model *window.Model
	team  *kernel.Team
}

func (s sharing) Own(w int) rnn.Own {
	return rnn.Own{Weights: s.model.Weights(), Grads: s.model.Grads(), Worker: w, Size: s.team.Size()}
}
func (s sharing) Copies() int { return 1 }
func (s sharing) Gather()     { s.team.Wait() }
func (s sharing) Pack(w int)  { s.model.Pack(w, s.team.Size()) }

// tensor is a named part of the flat buffers.
type tensor struct {
	name        string
	shape       []int
	offset      int
	value, grad []float32
}

func recurrent(m *rnn.Model, tape *rnn.Tape) network {
	n := network{kernel: m.Kernel, vocab: m.Vocab, weights: m.Weights(), grads: m.Grads(), rows: m.Rows, packAll: m.Pack, version: m.Version}
	for _, p := range m.Tensors() {
		n.tensors = append(n.tensors, tensor{p.Name, p.Shape(), p.Offset, p.Value.Data, p.Grad.Data})
	}
	n.through(tape)
	return n
}

// through makes the network pass through a tape from now on.
func (n *network) through(tape *rnn.Tape) {
	n.pass, n.ids, n.targets = tape, tape.IDs, tape.Targets
	n.state = func(m *memory) { tape.State(&m.state) }
	n.setState = func(m *memory) { tape.SetState(&m.state) }
}

// NewWindow returns a trainer of a window model on the source's windows, which
// are batches to it: T·B rows that each see their own last tokens. It trains as
// New's does, but for a dropout, which there is none of, and for Checkpoint,
// Restore, SetWindow and SetDropout, which are for recurrent models.
func NewWindow(m *window.Model, source Source, team *kernel.Team, c Config) (*Trainer, error) {
	t := &Trainer{Config: c, source: source, team: team}
	if err := t.validate(); err != nil {
		return nil, err
	}
	T, B := source.Shape()
	tape := m.NewTape(T, B, team)
	t.network = network{
		kernel: m.Kernel, vocab: m.Vocab, weights: m.Weights(), grads: m.Grads(),
		rows:    func() (length, row int) { return 0, 0 },
		packAll: func() { m.Pack(0, 1) },
		version: func() uint64 { return 0 },
		pass:    sharing{tape, m, team}, ids: tape.IDs, targets: tape.Targets,
		state:    func(m *memory) { m.history = tape.History(m.history) },
		setState: func(m *memory) { tape.SetHistory(m.history) },
	}
	for _, p := range m.Tensors() {
		t.tensors = append(t.tensors, tensor{p.Name, p.Shape, p.Offset, p.Value, p.Grad})
	}
	t.prepare()
	return t, nil
}
