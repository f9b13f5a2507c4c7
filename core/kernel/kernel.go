// Package kernel holds the float32 loops that training spends its time in.
//
//	                 Set ─ one instruction set's kernels
//	weights ── Pack ──▶ Packed ── Mul ──▶ pre-activations     c (+)= a·B
//	activations ────── MulTN ──────────▶ weight gradients    c (+)= aᵀ·b
//	pre-activations ── Tanh, LSTM, GRU ▶ states, and back
//	logits ─────────── SoftmaxLoss ────▶ loss and its gradient
//	gradients ──────── SumSquares, Adam, … ▶ new weights
//	gonum's blas32 ─── BLAS ───────────▶ the same kernels for everything else
//
// Three sets exist: AVX-512, AVX2 and portable Go. The first two give the same
// bits: every output element of a product is one chain of fused multiply-adds
// in the order of K that starts from the element's old value (or zero), sums
// run in sixteen lanes (a dot product in sixty-four) that are folded in one
// order, and exp and tanh are the same polynomials. Neither the number of rows
// in a call nor the split of the work over threads changes a result. The
// portable set, which is the reference the others are tested against, rounds
// after each multiplication and agrees with them to about 1e-6, not to the bit;
// it gives the same bits on every platform. Weigh alone, in float64 and eight
// lanes, is the same to the bit in all three.
package kernel

import (
	"fmt"
	"unsafe"

	"rnnscope/core/say"
)

// Set is one instruction set's kernels. Its methods check lengths and panic,
// naming this package, when a caller got a shape wrong.
type Set struct {
	name string
	nr   int // columns of a packed panel

	mul   func(rows Rows, a []float32, lda int, b *Packed, span panels, c []float32, ldc int, from origin)
	mulTN func(i0, i1, n, k int, a []float32, lda int, b []float32, ldb int, c []float32, ldc int, acc bool, scratch, sums []float32)

	// packsTN says whether mulTN of n columns packs a, and sets sums, if there are any;
	// nil where it never does.
	packsTN func(n int) bool

	pack      func(panel []float32, k int, src []float32, ld, n int) // n of nr columns
	transpose func(dst []float32, step int, src []float32, ld, rows, cols int)

	exp, tanh, relu    func(dst, src []float32)
	tanhBack, reluBack func(d, h []float32)
	lstm               func(z, c0, c, tc, h []float32)
	lstmBack           func(z, c0, tc, dh, dc []float32)
	gru                func(z, h0, h []float32)
	gruBack            func(z, h0, dh, dh0 []float32)

	add     func(dst, src []float32)
	axpy    func(dst []float32, s float32, src []float32)
	scale   func(x []float32, s float32)
	clamp   func(x []float32, c float32)
	product func(dst, a, b []float32)
	drop    func(dst, mask, src []float32, bits []uint64, from int, threshold uint32, scale float32)

	// Reductions of 1 … block values.
	max        func(x []float32) float32
	expSum     func(x []float32, m float32) float32
	softmax    func(x []float32, scale float32) (sum, largest float32)
	softmaxes  func(n int, x []float32, ld int, scale float32, sums, largest []float32) // a row for each of sums
	addRows    func(dst, src []float32, ld, rows int)
	dot        func(x, y []float32) float32
	sumSquares func(x []float32) float64
	weigh      func(w []float64, z []float32, m, t float64) (sum, moment float64)

	adam     func(p, m, v, g []float32, s AdamStep)
	momentum func(p, buf, g []float32, s MomentumStep)
	rmsprop  func(p, v, g []float32, s RMSpropStep)

	peak func() float64 // a short burst of multiply-adds; returns how many operations
}

// Names lists the values that Choose takes, fastest first after auto.
func Names() []string { return []string{"auto", "avx512", "avx2", "portable"} }

// Choose returns the set of that name; auto is the fastest this machine runs.
// The error names the sets that it can run.
func Choose(name string) (*Set, error) {
	can := available()
	if name == "auto" || name == "" {
		return can[0], nil
	}
	var have []string
	for _, s := range can {
		if s.name == name {
			return s, nil
		}
		have = append(have, s.name)
	}
	for _, known := range Names() {
		if name == known {
			return nil, say.Errorf("this machine or build cannot run the %s kernels; it can run %v", name, have)
		}
	}
	return nil, say.Errorf("unknown kernels %q; there are %v", name, Names())
}

// Available returns the sets this machine and build can run, fastest first.
func Available() []*Set { return available() }

// Name is avx512, avx2 or portable.
func (s *Set) Name() string { return s.name }

// Alloc returns n zeros that start on a 64-byte boundary, with room behind
// them up to the next one.
func Alloc(n int) []float32 {
	room := inLines(n)
	b := make([]float32, room+line)
	large(b)
	off := 0
	if r := int(uintptr(unsafe.Pointer(unsafe.SliceData(b))) / 4 % line); r != 0 {
		off = line - r
	}
	return b[off : off+n : off+room]
}

// line is how many floats a cache line holds, inLines how many those lines hold that n
// floats need.
const line = 16

func inLines(n int) int { return (n + line - 1) / line * line }

// Rows says which rows of the operands a product takes: Groups groups of Count
// consecutive rows, the first row of one group Stride rows below that of the
// group before. In a time-major [T, B, ·] buffer, streams b … b+n-1 at all time
// steps are Rows{Groups: T, Count: n, Stride: B} from row b on.
type Rows struct{ Groups, Count, Stride int }

// Consecutive is n rows, one below the other.
func Consecutive(n int) Rows { return Rows{Groups: 1, Count: n, Stride: n} }

// last is the index of the last row.
func (r Rows) last() int { return (r.Groups-1)*r.Stride + r.Count - 1 }

// panels are panels j0 … j1-1 of a right-hand side, taken in that order or down
// from the last.
type panels struct {
	j0, j1 int
	down   bool
}

// origin is what the chains of a product start from: an element of x each, the
// rows ld apart, or zero if x is nil.
type origin struct {
	x  []float32
	ld int
}

func (o origin) below(rows int) origin {
	if o.x != nil {
		o.x = o.x[rows*o.ld:]
	}
	return o
}

func (o origin) right(columns int) origin {
	if o.x != nil {
		o.x = o.x[columns:]
	}
	return o
}

// spread takes every n-th row.
func (o origin) spread(n int) origin { return origin{o.x, n * o.ld} }

func (o origin) first() *float32 {
	if o.x == nil {
		return nil
	}
	return &o.x[0]
}

// Mul computes c (+)= a·B for the given rows and for panels j0 … j1-1 of B.
// a has rows of B.K values lda apart, c rows of B.N values ldc apart. With acc
// each element's chain starts from c, else from zero.
func (s *Set) Mul(rows Rows, a []float32, lda int, b *Packed, j0, j1 int, c []float32, ldc int, acc bool) {
	s.multiply(rows, a, lda, b, panels{j0: j0, j1: j1}, c, ldc, within(c, ldc, acc))
}

// MulAgain is Mul of all panels for a right-hand side that is used again and
// again: turn says which time it is. Every other time takes the panels down from
// the last, so that those that the cache still holds come first.
func (s *Set) MulAgain(turn int, rows Rows, a []float32, lda int, b *Packed, c []float32, ldc int, acc bool) {
	s.multiply(rows, a, lda, b, panels{0, b.Panels(), turn%2 != 0}, c, ldc, within(c, ldc, acc))
}

// MulFrom is Mul of all panels with each element's chain starting from the value
// of its column in row.
func (s *Set) MulFrom(row []float32, rows Rows, a []float32, lda int, b *Packed, c []float32, ldc int) {
	if len(row) < b.N {
		panic(fmt.Sprintf("kernel: MulFrom: %d values for %d columns", len(row), b.N))
	}
	s.multiply(rows, a, lda, b, panels{j0: 0, j1: b.Panels()}, c, ldc, origin{x: row})
}

func within(c []float32, ldc int, acc bool) origin {
	if !acc {
		return origin{}
	}
	return origin{c, ldc}
}

func (s *Set) multiply(rows Rows, a []float32, lda int, b *Packed, span panels, c []float32, ldc int, from origin) {
	if rows.Groups <= 0 || rows.Count <= 0 || span.j0 >= span.j1 {
		return
	}
	first, to := span.j0*b.nr, min(b.N, span.j1*b.nr)
	if b.nr != s.nr || span.j0 < 0 || span.j1 > b.Panels() || len(a) < rows.last()*lda+b.K || len(c) < rows.last()*ldc+to {
		panic(fmt.Sprintf("kernel: Mul: rows %+v lda %d ldc %d, %d x %d panels %d-%d, len(a) %d, len(c) %d", rows, lda, ldc, b.K, b.N, span.j0, span.j1, len(a), len(c)))
	}
	if b.K == 0 {
		emptyProduct(rows, c, ldc, first, to, from)
		return
	}
	s.mul(rows, a, lda, b, span, c, ldc, from)
}

// MulTN computes rows i0 … i1-1 of c (+)= aᵀ·b, where a is [k, ·] with rows lda
// apart, b is [k, n] with rows ldb apart, and c is [·, n]. scratch is at least
// ScratchTN floats that no other goroutine uses.
func (s *Set) MulTN(i0, i1, n, k int, a []float32, lda int, b []float32, ldb int, c []float32, ldc int, acc bool, scratch []float32) {
	s.MulTNSum(i0, i1, n, k, a, lda, b, ldb, c, ldc, acc, scratch, nil)
}

// MulTNSum is MulTN that also sets sums i0 … i1-1 to those of a's columns: its rows
// added one after the other, as AddRows does. SumsAlong says whether that is done while
// they are read anyway. With n <= 0 nothing is set.
func (s *Set) MulTNSum(i0, i1, n, k int, a []float32, lda int, b []float32, ldb int, c []float32, ldc int, acc bool, scratch, sums []float32) {
	if i0 >= i1 || n <= 0 {
		return
	}
	if i0 < 0 || k < 0 || (k > 0 && (len(a) < (k-1)*lda+i1 || len(b) < (k-1)*ldb+n)) || len(c) < (i1-1)*ldc+n || len(scratch) < ScratchTN || len(sums) > 0 && len(sums) < i1 {
		panic(fmt.Sprintf("kernel: MulTN: rows %d-%d, n %d, k %d, lda %d ldb %d ldc %d, len(a) %d, len(b) %d, len(c) %d, scratch %d, sums %d", i0, i1, n, k, lda, ldb, ldc, len(a), len(b), len(c), len(scratch), len(sums)))
	}
	if k == 0 {
		emptyProduct(Consecutive(i1-i0), c[i0*ldc:], ldc, 0, n, within(c[i0*ldc:], ldc, acc))
	}
	if len(sums) > 0 {
		clear(sums[i0:i1])
	}
	if k == 0 {
		return
	}
	along := s.SumsAlong(n)
	if len(sums) > 0 && !along {
		s.AddRows(sums[i0:i1], a[i0:], lda, k)
		sums = nil
	}
	s.mulTN(i0, i1, n, k, a, lda, b, ldb, c, ldc, acc, scratch, sums)
}

// SumsAlong says whether MulTNSum of n columns of b costs little more than MulTN.
func (s *Set) SumsAlong(n int) bool { return s.packsTN != nil && s.packsTN(n) }

// emptyProduct is a product over no places of K: where its chains start from.
func emptyProduct(rows Rows, c []float32, ldc, j0, j1 int, from origin) {
	for g := range rows.Groups {
		for r := g * rows.Stride; r < g*rows.Stride+rows.Count; r++ {
			if row := c[r*ldc+j0 : r*ldc+j1]; from.x == nil {
				clear(row)
			} else {
				copy(row, from.x[r*from.ld+j0:])
			}
		}
	}
}

// ScratchTN is the scratch that MulTN needs, in floats.
const ScratchTN = 256 * (512 + 16)
