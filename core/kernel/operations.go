package kernel

import "fmt"

// The operations on single elements. Vectors that are read may be longer than
// the one that is written; that one may be the same as a vector that is read.

// check panics where the caller got the lengths of n elements wrong.
func check(ok bool, name string, n int) {
	if !ok {
		panic(fmt.Sprintf("kernel: %s: a vector is shorter than the %d elements to compute", name, n))
	}
}

// Exp sets dst to e^src. Below -87.33654, also at -∞, it stays at 1.2e-38, the
// smallest normal number, and above 88 at 1.7e38; NaN stays NaN.
func (s *Set) Exp(dst, src []float32) {
	check(len(src) >= len(dst), "Exp", len(dst))
	s.exp(dst, src)
}

// Tanh sets dst to tanh(src); NaN stays NaN.
func (s *Set) Tanh(dst, src []float32) {
	check(len(src) >= len(dst), "Tanh", len(dst))
	s.tanh(dst, src)
}

// TanhBack turns d = ∂L/∂h into ∂L/∂a where h = tanh(a): d ⊙= 1-h².
func (s *Set) TanhBack(d, h []float32) {
	check(len(h) >= len(d), "TanhBack", len(d))
	s.tanhBack(d, h)
}

// Relu sets dst to max(0, src); NaN stays NaN.
func (s *Set) Relu(dst, src []float32) {
	check(len(src) >= len(dst), "Relu", len(dst))
	s.relu(dst, src)
}

// ReluBack turns d = ∂L/∂h into ∂L/∂a where h = max(0, a): d is kept where
// h > 0 and is 0 elsewhere.
func (s *Set) ReluBack(d, h []float32) {
	check(len(h) >= len(d), "ReluBack", len(d))
	s.reluBack(d, h)
}

// LSTM takes one row a step forward. z holds the pre-activations of the gates,
// [4H] in the order i f g o, and is left with their activations; c0 is the old
// cell state.
//
//	c = f⊙c0 + i⊙g    tc = tanh(c)    h = o⊙tc
func (s *Set) LSTM(z, c0, c, tc, h []float32) {
	n := len(h)
	check(min(len(z)/4, len(c0), len(c), len(tc)) >= n, "LSTM", n)
	s.lstm(z, c0, c, tc, h)
}

// LSTMBack takes one row a step back. z holds the gates' activations and is
// left with the gradients of their pre-activations; dh is ∂L/∂h; dc is ∂L/∂c
// from the step after and is left with ∂L/∂c0.
func (s *Set) LSTMBack(z, c0, tc, dh, dc []float32) {
	n := len(dh)
	check(min(len(z)/4, len(c0), len(tc), len(dc)) >= n, "LSTMBack", n)
	s.lstmBack(z, c0, tc, dh, dc)
}

// GRU takes one row a step forward. z holds [4H]: the pre-activations of r and
// z, then the input's half of n (W_in x + b_in), then the state's (W_hn h + b_hn).
//
//	r = σ(ar)   z = σ(az)   n = tanh(nx + r⊙nh)   h = (1-z)⊙n + z⊙h0
//
// The first three blocks are left with r, z and n; the last is kept.
func (s *Set) GRU(z, h0, h []float32) {
	n := len(h)
	check(min(len(z)/4, len(h0)) >= n, "GRU", n)
	s.gru(z, h0, h)
}

// GRUBack takes one row a step back. z holds r, z, n and nh and is left with
// the gradients of ar, az, nx and nh. dh is ∂L/∂h; its direct share dh⊙z is
// added to dh0.
func (s *Set) GRUBack(z, h0, dh, dh0 []float32) {
	n := len(dh)
	check(min(len(z)/4, len(h0), len(dh0)) >= n, "GRUBack", n)
	s.gruBack(z, h0, dh, dh0)
}

// Add adds src to dst.
func (s *Set) Add(dst, src []float32) {
	check(len(src) >= len(dst), "Add", len(dst))
	s.add(dst, src)
}

// AddRows adds rows of src, ld apart, to dst, one after the other.
func (s *Set) AddRows(dst, src []float32, ld, rows int) {
	n := len(dst)
	if rows <= 0 || n == 0 {
		return
	}
	check(len(src) >= (rows-1)*ld+n, "AddRows", rows*n)
	if n > shortRow {
		for r := range rows { // a whole row after the other, as memory likes it
			s.add(dst, src[r*ld:])
		}
		return
	}
	for limit := block / n; rows > 0; {
		count := min(limit, rows)
		s.addRows(dst, src, ld, count)
		rows -= count
		src = src[min(len(src), count*ld):]
	}
}

// shortRow is up to how many columns AddRows goes down a register's columns at a
// time.
const shortRow = 128

// Axpy adds a·src to dst, fused.
func (s *Set) Axpy(dst []float32, a float32, src []float32) {
	check(len(src) >= len(dst), "Axpy", len(dst))
	s.axpy(dst, a, src)
}

// Scale multiplies x by a.
func (s *Set) Scale(x []float32, a float32) { s.scale(x, a) }

// Clamp limits every element of x to [-c, c]; NaN stays NaN.
func (s *Set) Clamp(x []float32, c float32) { s.clamp(x, c) }

// Drop draws a dropout mask and applies it: mask becomes 0 where the sixteen bits of
// an element are below threshold and scale elsewhere, dst becomes mask⊙src. The bits
// of element j are the (from+j)-th of bits, four in each, the lowest first. bits must
// have BitsSpare more than that takes; threshold is 65536 at most, which drops all.
func (s *Set) Drop(dst, mask, src []float32, bits []uint64, from int, threshold uint32, scale float32) {
	n := len(dst)
	if n == 0 {
		return
	}
	check(min(len(mask), len(src), 4*(len(bits)-BitsSpare)-from) >= n, "Drop", n)
	if threshold > 1<<16 {
		panic(fmt.Sprintf("kernel: Drop: threshold %d is more than sixteen bits can be below", threshold))
	}
	s.drop(dst, mask, src, bits, from, threshold, scale)
}

// BitsSpare is how many more Drop must be given than it has elements for, because it
// reads whole registers.
const BitsSpare = 4

// Product sets dst to a⊙b.
func (s *Set) Product(dst, a, b []float32) {
	check(min(len(a), len(b)) >= len(dst), "Product", len(dst))
	s.product(dst, a, b)
}
