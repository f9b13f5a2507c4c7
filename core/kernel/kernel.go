// Package kernel holds the float32 loops that training spends its time in.
//
//	                 Set ─ one instruction set's kernels
//	weights ── Pack ──▶ Packed ── Mul ──▶ pre-activations     c (+)= a·B
//	activations ────── MulTN ──────────▶ weight gradients    c (+)= aᵀ·b
//	pre-activations ── Tanh, LSTM, GRU ▶ states, and back
//	logits ─────────── SoftmaxLoss ────▶ loss and its gradient
//	gradients ──────── SumSquares, Adam, … ▶ new weights
//
// Three sets exist: AVX-512, AVX2 and portable Go. The first two give the same
// bits: every output element of a product is one chain of fused multiply-adds
// in the order of K that starts from the element's old value (or zero), sums
// run in sixteen lanes that are folded in one order, and exp and tanh are the
// same polynomials. Neither the number of rows in a call nor the split of the
// work over threads changes a result. The portable set, which is the reference
// the others are tested against, rounds after each multiplication and agrees
// with them to about 1e-6, not to the bit; it gives the same bits on every
// platform.
package kernel

import (
	"fmt"
	"math"
	"unsafe"
)

// Set is one instruction set's kernels. Its methods check lengths and panic,
// naming this package, when a caller got a shape wrong.
type Set struct {
	name string
	nr   int // columns of a packed panel

	mul   func(rows Rows, a []float32, lda int, b *Packed, j0, j1 int, c []float32, ldc int, acc bool)
	mulTN func(i0, i1, n, k int, a []float32, lda int, b []float32, ldb int, c []float32, ldc int, acc bool, scratch []float32)

	// panel is k rows of nr columns of a Packed, of which n are filled.
	pack, packT func(panel []float32, k int, src []float32, ld, n int)

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

	// Reductions of 1 … block values.
	max        func(x []float32) float32
	expSum     func(x []float32, m float32) float32
	sumSquares func(x []float32) float64

	adam     func(p, m, v, g []float32, s AdamStep)
	momentum func(p, buf, g []float32, s MomentumStep)
	rmsprop  func(p, v, g []float32, s RMSpropStep)
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
			return nil, fmt.Errorf("this machine or build cannot run the %s kernels; it can run %v", name, have)
		}
	}
	return nil, fmt.Errorf("unknown kernels %q; there are %v", name, Names())
}

// Available returns the sets this machine and build can run, fastest first.
func Available() []*Set { return available() }

// Name is avx512, avx2 or portable.
func (s *Set) Name() string { return s.name }

// Alloc returns n zeros that start on a 64-byte boundary, with room behind
// them up to the next one.
func Alloc(n int) []float32 {
	const line = 16
	room := (n + line - 1) / line * line
	b := make([]float32, room+line)
	off := 0
	if r := int(uintptr(unsafe.Pointer(unsafe.SliceData(b))) / 4 % line); r != 0 {
		off = line - r
	}
	return b[off : off+n : off+room]
}

// Rows says which rows of the operands a product takes: Groups groups of Count
// consecutive rows, the first row of one group Stride rows below that of the
// group before. In a time-major [T, B, ·] buffer, streams b … b+n-1 at all time
// steps are Rows{Groups: T, Count: n, Stride: B} from row b on.
type Rows struct{ Groups, Count, Stride int }

// Consecutive is n rows, one below the other.
func Consecutive(n int) Rows { return Rows{Groups: 1, Count: n, Stride: n} }

// last is the index of the last row.
func (r Rows) last() int { return (r.Groups-1)*r.Stride + r.Count - 1 }

// Mul computes c (+)= a·B for the given rows and for panels j0 … j1-1 of B.
// a has rows of B.K values lda apart, c rows of B.N values ldc apart. With acc
// each element's chain starts from c, else from zero.
func (s *Set) Mul(rows Rows, a []float32, lda int, b *Packed, j0, j1 int, c []float32, ldc int, acc bool) {
	if rows.Groups <= 0 || rows.Count <= 0 || j0 >= j1 {
		return
	}
	if b.nr != s.nr || j0 < 0 || j1 > b.Panels() || len(a) < rows.last()*lda+b.K || len(c) < rows.last()*ldc+min(b.N, j1*b.nr) {
		panic(fmt.Sprintf("kernel: Mul: rows %+v lda %d ldc %d, %d x %d panels %d-%d, len(a) %d, len(c) %d", rows, lda, ldc, b.K, b.N, j0, j1, len(a), len(c)))
	}
	if b.K == 0 {
		emptyProduct(rows, c, ldc, j0*b.nr, min(b.N, j1*b.nr), acc)
		return
	}
	s.mul(rows, a, lda, b, j0, j1, c, ldc, acc)
}

// MulTN computes rows i0 … i1-1 of c (+)= aᵀ·b, where a is [k, ·] with rows lda
// apart, b is [k, n] with rows ldb apart, and c is [·, n]. scratch is at least
// ScratchTN floats that no other goroutine uses.
func (s *Set) MulTN(i0, i1, n, k int, a []float32, lda int, b []float32, ldb int, c []float32, ldc int, acc bool, scratch []float32) {
	if i0 >= i1 || n <= 0 {
		return
	}
	if i0 < 0 || k < 0 || (k > 0 && (len(a) < (k-1)*lda+i1 || len(b) < (k-1)*ldb+n)) || len(c) < (i1-1)*ldc+n || len(scratch) < ScratchTN {
		panic(fmt.Sprintf("kernel: MulTN: rows %d-%d, n %d, k %d, lda %d ldb %d ldc %d, len(a) %d, len(b) %d, len(c) %d, scratch %d", i0, i1, n, k, lda, ldb, ldc, len(a), len(b), len(c), len(scratch)))
	}
	if k == 0 {
		emptyProduct(Consecutive(i1-i0), c[i0*ldc:], ldc, 0, n, acc)
		return
	}
	s.mulTN(i0, i1, n, k, a, lda, b, ldb, c, ldc, acc, scratch)
}

// emptyProduct is a product over no places of K.
func emptyProduct(rows Rows, c []float32, ldc, from, to int, acc bool) {
	for g := range rows.Groups {
		for r := g * rows.Stride; r < g*rows.Stride+rows.Count && !acc; r++ {
			clear(c[r*ldc+from : r*ldc+to])
		}
	}
}

// ScratchTN is the scratch that MulTN needs, in floats.
const ScratchTN = 256 * (512 + 16)

// Exp sets dst to e^src. Arguments below -87.33 give the smallest normal
// number's neighbourhood, those above 88 about 1.6e38.
func (s *Set) Exp(dst, src []float32) { s.exp(dst, src[:len(dst)]) }

// Tanh sets dst to tanh(src). dst may be src.
func (s *Set) Tanh(dst, src []float32) { s.tanh(dst, src[:len(dst)]) }

// TanhBack turns d = ∂L/∂h into ∂L/∂a where h = tanh(a): d ⊙= 1-h².
func (s *Set) TanhBack(d, h []float32) { s.tanhBack(d, h[:len(d)]) }

// Relu sets dst to max(0, src); NaN stays NaN. dst may be src.
func (s *Set) Relu(dst, src []float32) { s.relu(dst, src[:len(dst)]) }

// ReluBack turns d = ∂L/∂h into ∂L/∂a where h = max(0, a): d is kept where
// h > 0 and is 0 elsewhere.
func (s *Set) ReluBack(d, h []float32) { s.reluBack(d, h[:len(d)]) }

// LSTM takes one row a step forward. z holds the pre-activations of the gates,
// [4H] in the order i f g o, and is left with their activations; c0 is the old
// cell state.
//
//	c = f⊙c0 + i⊙g    tc = tanh(c)    h = o⊙tc
//
// c may be c0.
func (s *Set) LSTM(z, c0, c, tc, h []float32) {
	n := len(h)
	s.lstm(z[:4*n], c0[:n], c[:n], tc[:n], h)
}

// LSTMBack takes one row a step back. z holds the gates' activations and is
// left with the gradients of their pre-activations; dh is ∂L/∂h; dc is ∂L/∂c
// from the step after and is left with ∂L/∂c0.
func (s *Set) LSTMBack(z, c0, tc, dh, dc []float32) {
	n := len(dh)
	s.lstmBack(z[:4*n], c0[:n], tc[:n], dh, dc[:n])
}

// GRU takes one row a step forward. z holds [4H]: the pre-activations of r and
// z, then the input's half of n (W_in x + b_in), then the state's (W_hn h + b_hn).
//
//	r = σ(ar)   z = σ(az)   n = tanh(nx + r⊙nh)   h = (1-z)⊙n + z⊙h0
//
// The first three blocks are left with r, z and n; the last is kept.
func (s *Set) GRU(z, h0, h []float32) {
	n := len(h)
	s.gru(z[:4*n], h0[:n], h)
}

// GRUBack takes one row a step back. z holds r, z, n and nh and is left with
// the gradients of ar, az, nx and nh. dh is ∂L/∂h; its direct share dh⊙z is
// added to dh0.
func (s *Set) GRUBack(z, h0, dh, dh0 []float32) {
	n := len(dh)
	s.gruBack(z[:4*n], h0[:n], dh, dh0[:n])
}

// SoftmaxLoss turns a row of logits into scale·∂L/∂logits for L = -log p(target)
// and returns L in nats. A negative target is not scored: the row becomes zeros
// and the loss is 0.
func (s *Set) SoftmaxLoss(row []float32, target int, scale float32) float64 {
	if target < 0 {
		clear(row)
		return 0
	}
	m := s.largest(row)
	x := row[target]
	sum := s.expSums(row, m)
	s.scale(row, scale/sum)
	row[target] -= scale
	return math.Log(float64(sum)) + float64(m) - float64(x)
}

// Softmax turns a row of logits into probabilities and returns log Σ e^logit.
func (s *Set) Softmax(row []float32) float64 {
	m := s.largest(row)
	sum := s.expSums(row, m)
	s.scale(row, 1/sum)
	return math.Log(float64(sum)) + float64(m)
}

// Add adds src to dst.
func (s *Set) Add(dst, src []float32) { s.add(dst, src[:len(dst)]) }

// Axpy adds a·src to dst, fused.
func (s *Set) Axpy(dst []float32, a float32, src []float32) { s.axpy(dst, a, src[:len(dst)]) }

// Scale multiplies x by a.
func (s *Set) Scale(x []float32, a float32) { s.scale(x, a) }

// Clamp limits every element of x to [-c, c]; NaN stays NaN.
func (s *Set) Clamp(x []float32, c float32) { s.clamp(x, c) }

// Product sets dst to a⊙b.
func (s *Set) Product(dst, a, b []float32) { s.product(dst, a[:len(dst)], b[:len(dst)]) }

// SumSquares returns Σ x², accumulated in float64 in sixteen lanes, block by
// block.
func (s *Set) SumSquares(x []float32) float64 {
	sum := 0.0
	for ; len(x) > block; x = x[block:] {
		sum += s.sumSquares(x[:block])
	}
	if len(x) == 0 {
		return sum
	}
	return sum + s.sumSquares(x)
}

// block is how many elements one call of a vector kernel takes at most, and
// what reductions fold at a time.
const block = 1 << 14

// largest returns the largest of at least one value.
func (s *Set) largest(x []float32) float32 {
	m := s.max(x[:min(block, len(x))])
	for len(x) > block {
		x = x[block:]
		m = max(m, s.max(x[:min(block, len(x))]))
	}
	return m
}

// expSums sets x to e^(x-m) and returns the sum.
func (s *Set) expSums(x []float32, m float32) float32 {
	var sum float32
	for ; len(x) > block; x = x[block:] {
		sum += s.expSum(x[:block], m)
	}
	return sum + s.expSum(x, m)
}

// AdamStep is what an Adam update needs beside the vectors (Kingma & Ba 2015,
// with PyTorch's L2 weight decay):
//
//	g ← Scale·g + Decay·p
//	m ← m + (1-β1)(g-m)      v ← β2·v + (1-β2)·g²
//	p ← p - Rate·m / (√v·Root + Eps)
//
// with Rate = lr/(1-β1ᵗ) and Root = 1/√(1-β2ᵗ).
type AdamStep struct {
	Scale, Decay, Rate, Root, Eps       float32
	OneMinusBeta1, Beta2, OneMinusBeta2 float32
}

// Adam moves p, m and v by one update; g is left as it was.
func (s *Set) Adam(p, m, v, g []float32, a *AdamStep) {
	n := len(p)
	s.adam(p, m[:n], v[:n], g[:n], *a)
}

// MomentumStep is what a momentum update needs beside the vectors:
//
//	buf ← Mu·buf + (Scale·g + Decay·p)      p ← p - Rate·buf
//
// With Mu = 0 it is plain stochastic gradient descent.
type MomentumStep struct{ Scale, Decay, Rate, Mu float32 }

// Momentum moves p and buf by one update.
func (s *Set) Momentum(p, buf, g []float32, a *MomentumStep) {
	n := len(p)
	s.momentum(p, buf[:n], g[:n], *a)
}

// RMSpropStep is what an RMSprop update needs beside the vectors:
//
//	g ← Scale·g + Decay·p     v ← Alpha·v + OneMinusAlpha·g²     p ← p - Rate·g/(√v + Eps)
type RMSpropStep struct{ Scale, Decay, Rate, Alpha, OneMinusAlpha, Eps float32 }

// RMSprop moves p and v by one update.
func (s *Set) RMSprop(p, v, g []float32, a *RMSpropStep) {
	n := len(p)
	s.rmsprop(p, v[:n], g[:n], *a)
}
