package kernel

import "fmt"

// Packed is the right-hand side of a product, K x N, laid out in panels of nr
// columns, each panel K rows of nr consecutive values, zeros where N ends. A
// weight matrix is packed once per update and then used by every time step.
type Packed struct {
	K, N int
	nr   int
	set  *Set
	data []float32
}

// NewPacked returns room for a K x N right-hand side.
func (s *Set) NewPacked(k, n int) *Packed {
	p := s.unmade(k, n)
	p.data = Alloc(p.floats())
	return p
}

func (s *Set) unmade(k, n int) *Packed { return &Packed{K: k, N: n, nr: s.nr, set: s} }

// floats is how many its panels take.
func (p *Packed) floats() int { return p.Panels() * p.nr * p.K }

// Panels is the number of panels.
func (p *Packed) Panels() int { return (p.N + p.nr - 1) / p.nr }

// Pack fills panels j0 … j1-1 from src, which is [K, N] with rows ld apart.
func (p *Packed) Pack(src []float32, ld, j0, j1 int) {
	if j0 < j1 && (j1 > p.Panels() || p.K > 0 && len(src) < (p.K-1)*ld+min(p.N, j1*p.nr)) {
		panic(fmt.Sprintf("kernel: Pack: %d x %d from %d floats, ld %d, panels %d-%d", p.K, p.N, len(src), ld, j0, j1))
	}
	for j := j0; j < j1 && p.K > 0; j++ {
		p.set.pack(p.panel(j), p.K, src[j*p.nr:], ld, min(p.nr, p.N-j*p.nr))
	}
}

// PackT fills panels j0 … j1-1 from the transpose of src, which is [N, K] with
// rows ld apart: a weight matrix as PyTorch stores it, for the product x·Wᵀ.
func (p *Packed) PackT(src []float32, ld, j0, j1 int) {
	if j0 < j1 && (j1 > p.Panels() || len(src) < (min(p.N, j1*p.nr)-1)*ld+p.K) {
		panic(fmt.Sprintf("kernel: PackT: %d x %d from %d floats, ld %d, panels %d-%d", p.K, p.N, len(src), ld, j0, j1))
	}
	for j := j0; j < j1 && p.K > 0; j++ {
		p.set.transpose(p.panel(j), p.nr, src[j*p.nr*ld:], ld, min(p.nr, p.N-j*p.nr), p.K)
	}
}

func (p *Packed) panel(j int) []float32 { return p.data[j*p.K*p.nr : (j+1)*p.K*p.nr] }
