package window

import (
	"math"
	"math/rand/v2"

	"rnnscope/core/kernel"
	"rnnscope/core/say"
)

// Config is the architecture of a window model.
type Config struct {
	Vocab  int // V
	Embed  int // E
	Hidden int // H
	Length int // N, tokens
}

// The largest size of any dimension and the most weights of a model: the bounds
// of core/rnn.
const (
	most        = 1 << 20
	mostWeights = float64(1 << 30)
	mostLength  = 256
)

// Validate says what is wrong with c.
func (c Config) Validate() error {
	for _, d := range []struct {
		name    string
		n, most int
	}{{"vocabulary", c.Vocab, most}, {"embed", c.Embed, most}, {"hidden", c.Hidden, most}, {"the model's window", c.Length, mostLength}} {
		if d.n < 1 || d.n > d.most {
			return say.Errorf("%s must be from 1 to %d, not %d", d.name, d.most, d.n)
		}
	}
	if w := c.count(); w > mostWeights {
		return say.Errorf("a model of %.3g weights is too large: the most is %.3g; make hidden, embed or the vocabulary smaller", w, mostWeights)
	}
	return nil
}

// count is Size in floating point, which no dimensions overflow.
func (c Config) count() float64 {
	v, e, h, n := float64(c.Vocab), float64(c.Embed), float64(c.Hidden), float64(c.Length)
	return (v+1)*e + h*(n*e+1) + v*(h+1)
}

// Size is the number of parameters of a model of this shape:
//
//	(V+1)·E + H·(N·E + 1) + V·(H + 1)
//
// which grows by H·E with every token of the window.
func (c Config) Size() int { return int(c.count()) }

// Tensor is one named parameter: parts of the flat buffers of weights and
// gradients.
type Tensor struct {
	Name        string
	Shape       []int // [rows, columns], of a bias [columns]
	Offset      int   // of its first element in the flat buffers
	Value, Grad []float32
}

// Model is the weights, and the packed copies of them that the products read.
// Whoever changes weights calls Pack afterwards.
//
//	embedding.weight [V+1, E]   row V is the padding
//	hidden.weight    [H, N·E]   hidden.bias [H]
//	fc.weight        [V, H]     fc.bias     [V]
type Model struct {
	Config
	Kernel *kernel.Set

	weights, grads             []float32
	tensors                    []*Tensor
	embedding, hidden, hiddenB *Tensor
	fc, fcB                    *Tensor
	hidFwd, hidBack            *kernel.Packed // N·E x H, H x N·E
	fcFwd, fcBack              *kernel.Packed // H x V, V x H
	learnt                     []int32        // rows of ∂embedding that the last batch set
}

// align is where tensors start in the buffers: on 64-byte boundaries.
const align = 16

// New returns a model of zeros. The error is Config.Validate's.
func New(c Config, set *kernel.Set) (*Model, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	m := &Model{Config: c, Kernel: set, learnt: make([]int32, 0, c.Vocab+1)}
	n := 0
	add := func(name string, shape ...int) *Tensor {
		t := &Tensor{Name: name, Shape: shape, Offset: n}
		m.tensors = append(m.tensors, t)
		n += (t.size() + align - 1) / align * align
		return t
	}
	m.embedding = add("embedding.weight", c.Vocab+1, c.Embed)
	m.hidden, m.hiddenB = add("hidden.weight", c.Hidden, c.Length*c.Embed), add("hidden.bias", c.Hidden)
	m.fc, m.fcB = add("fc.weight", c.Vocab, c.Hidden), add("fc.bias", c.Vocab)
	m.weights, m.grads = kernel.Alloc(n), kernel.Alloc(n)
	for _, t := range m.tensors {
		end := t.Offset + t.size()
		t.Value, t.Grad = m.weights[t.Offset:end:end], m.grads[t.Offset:end:end]
	}
	m.hidFwd, m.hidBack = set.NewPacked(c.Length*c.Embed, c.Hidden), set.NewPacked(c.Hidden, c.Length*c.Embed)
	m.fcFwd, m.fcBack = set.NewPacked(c.Hidden, c.Vocab), set.NewPacked(c.Vocab, c.Hidden)
	return m, nil
}

func (t *Tensor) size() int {
	n := 1
	for _, d := range t.Shape {
		n *= d
	}
	return n
}

// Padding is the id that stands for what is before the start of a text: V. It
// is read and never predicted.
func (m *Model) Padding() int32 { return int32(m.Vocab) }

// Tensors lists the parameters.
func (m *Model) Tensors() []*Tensor { return m.tensors }

// Weights is the flat buffer of all parameters, Grads that of their gradients;
// tensors start on 64-byte boundaries with zeros between them.
func (m *Model) Weights() []float32 { return m.weights }
func (m *Model) Grads() []float32   { return m.grads }

// Init draws all weights anew from seed, each tensor from a stream of its own,
// as PyTorch's modules do: the embedding N(0, 1), both layers U(±1/√inputs).
func (m *Model) Init(seed uint64) {
	for i, t := range m.tensors {
		g := rand.New(rand.NewPCG(seed, streamInit+uint64(i)))
		bound := 1 / math.Sqrt(float64(m.Hidden))
		if t == m.hidden || t == m.hiddenB {
			bound = 1 / math.Sqrt(float64(m.Length*m.Embed))
		}
		for j := range t.Value {
			if t == m.embedding {
				t.Value[j] = float32(g.NormFloat64())
			} else {
				t.Value[j] = float32((2*g.Float64() - 1) * bound)
			}
		}
	}
	m.Pack(0, 1)
}

// streamInit keeps the draws apart from those of core/rnn's purposes.
const streamInit = 4 << 60

// Clone copies the weights into a model of its own.
func (m *Model) Clone() *Model {
	c, err := New(m.Config, m.Kernel)
	if err != nil {
		panic("window: Clone: " + err.Error())
	}
	copy(c.weights, m.weights)
	c.Pack(0, 1)
	return c
}

// Pack brings worker w's share of the packed weights up to date; a team of size
// workers calls it once each.
func (m *Model) Pack(w, size int) {
	packBoth(m.hidFwd, m.hidBack, m.hidden.Value, m.Length*m.Embed, w, size)
	packBoth(m.fcFwd, m.fcBack, m.fc.Value, m.Hidden, w, size)
}

// packBoth packs a weight matrix [N, K] for x·Wᵀ and for d·W.
func packBoth(fwd, back *kernel.Packed, weight []float32, ld, w, size int) {
	j0, j1 := kernel.Share(fwd.Panels(), 1, w, size)
	fwd.PackT(weight, ld, j0, j1)
	j0, j1 = kernel.Share(back.Panels(), 1, w, size)
	back.Pack(weight, ld, j0, j1)
}

// embed is the vector of an id, nil for a symbol without one, [E].
func (m *Model) embed(id int32) []float32 {
	if id < 0 {
		return nil
	}
	return m.embedding.Value[int(id)*m.Embed : (int(id)+1)*m.Embed]
}

// Slot is what an id in slot i of the window (0 is the farthest back) adds to
// the hidden layer's pre-activations, into dst [H]: the same word in another
// slot meets other weights.
func (m *Model) Slot(dst []float32, i int, id int32) {
	clear(dst)
	x, ld := m.embed(id), m.Length*m.Embed
	if x == nil {
		return
	}
	for j := range dst {
		from := j*ld + i*m.Embed
		dst[j] = m.Kernel.Dot(m.hidden.Value[from:from+m.Embed], x)
	}
}
