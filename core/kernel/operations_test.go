package kernel

import (
	"math"
	"math/rand/v2"
)

// operation is an elementwise kernel with its meaning: equations on single
// elements, in the order in which the kernel performs them.
type operation struct {
	name  string
	sizes []int // of the buffers, in units of n
	run   func(s *Set, b [][]float32)
	want  func(fma arithmetic, n int, b [][]float32)
}

// each makes an operation's meaning out of that of one element of each of its
// buffers, all n long.
func each(f func(fma arithmetic, x []*float32)) func(fma arithmetic, n int, b [][]float32) {
	return func(fma arithmetic, n int, b [][]float32) {
		x := make([]*float32, len(b))
		for i := range n {
			for q := range b {
				x[q] = &b[q][i]
			}
			f(fma, x)
		}
	}
}

var (
	testAdam     = AdamStep{0.7, 0.01, 0.002, 1.5, 1e-8, 0.1, 0.999, 0.001}
	testMomentum = MomentumStep{0.7, 0.01, 0.02, 0.9}
	testRMSprop  = RMSpropStep{0.7, 0.01, 0.002, 0.99, 0.01, 1e-8}
)

var operations = []operation{
	{"exp", []int{1, 1}, func(s *Set, b [][]float32) { s.Exp(b[0], b[1]) },
		each(func(fma arithmetic, x []*float32) { *x[0] = wantExp(fma, *x[1]) })},
	{"tanh", []int{1, 1}, func(s *Set, b [][]float32) { s.Tanh(b[0], b[1]) },
		each(func(fma arithmetic, x []*float32) { *x[0] = wantTanh(fma, *x[1]) })},
	{"relu", []int{1, 1}, func(s *Set, b [][]float32) { s.Relu(b[0], b[1]) },
		each(func(_ arithmetic, x []*float32) {
			if *x[0] = *x[1]; *x[1] < 0 {
				*x[0] = 0
			}
		})},
	{"tanhBack", []int{1, 1}, func(s *Set, b [][]float32) { s.TanhBack(b[0], b[1]) },
		each(func(fma arithmetic, x []*float32) { *x[0] *= fma(-*x[1], *x[1], 1) })},
	{"reluBack", []int{1, 1}, func(s *Set, b [][]float32) { s.ReluBack(b[0], b[1]) },
		each(func(_ arithmetic, x []*float32) {
			if !(*x[1] > 0) {
				*x[0] = 0
			}
		})},
	{"add", []int{1, 1}, func(s *Set, b [][]float32) { s.Add(b[0], b[1]) },
		each(func(_ arithmetic, x []*float32) { *x[0] += *x[1] })},
	{"axpy", []int{1, 1}, func(s *Set, b [][]float32) { s.Axpy(b[0], 0.3, b[1]) },
		each(func(fma arithmetic, x []*float32) { *x[0] = fma(0.3, *x[1], *x[0]) })},
	{"scale", []int{1}, func(s *Set, b [][]float32) { s.Scale(b[0], 0.3) },
		each(func(_ arithmetic, x []*float32) { *x[0] *= 0.3 })},
	{"clamp", []int{1}, func(s *Set, b [][]float32) { s.Clamp(b[0], 0.8) },
		each(func(_ arithmetic, x []*float32) {
			if *x[0] > 0.8 {
				*x[0] = 0.8
			} else if *x[0] < -0.8 {
				*x[0] = -0.8
			}
		})},
	{"product", []int{1, 1, 1}, func(s *Set, b [][]float32) { s.Product(b[0], b[1], b[2]) },
		each(func(_ arithmetic, x []*float32) { *x[0] = *x[1] * *x[2] })},
	{"drop", []int{1, 1, 1}, func(s *Set, b [][]float32) {
		for i, n := 0, len(b[0]); i < n; i += testDrawn - testDropFrom { // all three in pieces, from within a number
			end := min(n, i+testDrawn-testDropFrom)
			s.Drop(b[0][i:end], b[1][i:end], b[2][i:end], testBits, testDropFrom, testDropBelow, 1.5)
		}
	}, wantDrop},
	{"lstm", []int{4, 1, 1, 1, 1}, func(s *Set, b [][]float32) { s.LSTM(b[0], b[1], b[2], b[3], b[4]) }, wantLSTM},
	{"lstmBack", []int{4, 1, 1, 1, 1}, func(s *Set, b [][]float32) { s.LSTMBack(b[0], b[1], b[2], b[3], b[4]) }, wantLSTMBack},
	{"gru", []int{4, 1, 1}, func(s *Set, b [][]float32) { s.GRU(b[0], b[1], b[2]) }, wantGRU},
	{"gruBack", []int{4, 1, 1, 1}, func(s *Set, b [][]float32) { s.GRUBack(b[0], b[1], b[2], b[3]) }, wantGRUBack},
	{"adam", []int{1, 1, 1, 1}, func(s *Set, b [][]float32) { s.Adam(b[0], b[1], b[2], b[3], &testAdam) },
		each(func(fma arithmetic, x []*float32) {
			a, p, m, v := &testAdam, x[0], x[1], x[2]
			d := fma(a.Decay, *p, float32(a.Scale**x[3]))
			*m = fma(a.OneMinusBeta1, d-*m, *m)
			*v = fma(a.Beta2, *v, float32(a.OneMinusBeta2*float32(d*d)))
			*p -= float32(a.Rate**m) / fma(sqrt32(*v), a.Root, a.Eps)
		})},
	{"momentum", []int{1, 1, 1}, func(s *Set, b [][]float32) { s.Momentum(b[0], b[1], b[2], &testMomentum) },
		each(func(fma arithmetic, x []*float32) {
			a, p, buf := &testMomentum, x[0], x[1]
			*buf = fma(a.Mu, *buf, fma(a.Decay, *p, float32(a.Scale**x[2])))
			*p = fma(-a.Rate, *buf, *p)
		})},
	{"rmsprop", []int{1, 1, 1}, func(s *Set, b [][]float32) { s.RMSprop(b[0], b[1], b[2], &testRMSprop) },
		each(func(fma arithmetic, x []*float32) {
			a, p, v := &testRMSprop, x[0], x[1]
			d := fma(a.Decay, *p, float32(a.Scale**x[2]))
			*v = fma(a.Alpha, *v, float32(a.OneMinusAlpha*float32(d*d)))
			*p -= float32(a.Rate*d) / float32(sqrt32(*v)+a.Eps)
		})},
}

// testBits are what masks are drawn from in tests, and in which element on.
const (
	testDrawn     = 1000
	testDropFrom  = 3
	testDropBelow = 20000
)

var testBits = func() []uint64 {
	r := rand.New(rand.NewPCG(3, 9))
	bits := make([]uint64, testDrawn/4+BitsSpare)
	for i := range bits {
		bits[i] = r.Uint64()
	}
	bits[1] = testDropBelow | (testDropBelow-1)<<16 | (testDropBelow+1)<<32 // the border
	return bits
}()

func wantDrop(_ arithmetic, n int, b [][]float32) {
	for j := range n {
		at := testDropFrom + j%(testDrawn-testDropFrom)
		drawn := testBits[at/4] >> (16 * (at % 4)) & 0xffff
		b[1][j] = 1.5
		if drawn < testDropBelow {
			b[1][j] = 0
		}
		b[0][j] = b[1][j] * b[2][j]
	}
}

func sqrt32(x float32) float32 { return float32(math.Sqrt(float64(x))) }

func wantExp(fma arithmetic, x float32) float32 {
	if x != x {
		return x
	}
	x = min(max(x, expLo), expHi)
	n := float32(math.RoundToEven(float64(float32(x * log2e))))
	x = fma(-n, ln2Hi, x)
	x = fma(-n, ln2Lo, x)
	p := float32(exp0)
	for _, c := range []float32{exp1, exp2, exp3, exp4, exp5} {
		p = fma(p, x, c)
	}
	p = fma(p, float32(x*x), x) + 1
	return float32(math.Ldexp(float64(p), int(n)))
}

// tanhMaxFused is from where on tanh is 1 in the vector sets.
const tanhMaxFused = 7.99881172180175781

func wantTanh(fma arithmetic, x float32) float32 {
	if x != x {
		return x
	}
	limit := float32(tanhMax)
	if fma.fused() {
		limit = tanhMaxFused
	}
	x = min(max(x, -limit), limit)
	y := float32(x * x)
	p, q := float32(tanhA13), float32(tanhB6)
	for _, c := range []float32{tanhA11, tanhA9, tanhA7, tanhA5, tanhA3, tanhA1} {
		p = fma(p, y, c)
	}
	for _, c := range []float32{tanhB4, tanhB2, tanhB0} {
		q = fma(q, y, c)
	}
	return float32(x*p) / q
}

func wantSigmoid(fma arithmetic, x float32) float32 {
	return fma(0.5, wantTanh(fma, 0.5*x), 0.5)
}

// slope is x(1-x), the sigmoid's derivative at activation x.
func slope(x float32) float32 { return x * float32(1-x) }

func wantLSTM(fma arithmetic, n int, b [][]float32) {
	z, c0, c, tc, h := b[0], b[1], b[2], b[3], b[4]
	for j := range n {
		i, f, g, o := &z[j], &z[n+j], &z[2*n+j], &z[3*n+j]
		*i, *f, *g, *o = wantSigmoid(fma, *i), wantSigmoid(fma, *f), wantTanh(fma, *g), wantSigmoid(fma, *o)
		c[j] = fma(*f, c0[j], float32(*i**g))
		tc[j] = wantTanh(fma, c[j])
		h[j] = *o * tc[j]
	}
}

func wantLSTMBack(fma arithmetic, n int, b [][]float32) {
	z, c0, tc, dh, dc := b[0], b[1], b[2], b[3], b[4]
	for j := range n {
		i, f, g, o := z[j], z[n+j], z[2*n+j], z[3*n+j]
		d := fma(float32(dh[j]*o), fma(-tc[j], tc[j], 1), dc[j])
		z[j] = float32(d*g) * slope(i)
		z[n+j] = float32(d*c0[j]) * slope(f)
		z[2*n+j] = float32(d*i) * fma(-g, g, 1)
		z[3*n+j] = float32(dh[j]*tc[j]) * slope(o)
		dc[j] = d * f
	}
}

func wantGRU(fma arithmetic, n int, b [][]float32) {
	z, h0, h := b[0], b[1], b[2]
	for j := range n {
		r, u, x := &z[j], &z[n+j], &z[2*n+j]
		*r, *u = wantSigmoid(fma, *r), wantSigmoid(fma, *u)
		*x = wantTanh(fma, fma(*r, z[3*n+j], *x))
		h[j] = fma(*u, h0[j]-*x, *x)
	}
}

func wantGRUBack(fma arithmetic, n int, b [][]float32) {
	z, h0, dh, dh0 := b[0], b[1], b[2], b[3]
	for j := range n {
		r, u, x, nh := z[j], z[n+j], z[2*n+j], z[3*n+j]
		dn := float32(dh[j]*float32(1-u)) * fma(-x, x, 1)
		z[j] = float32(dn*nh) * slope(r)
		z[n+j] = float32(dh[j]*float32(h0[j]-x)) * slope(u)
		z[2*n+j] = dn
		z[3*n+j] = dn * r
		dh0[j] = fma(dh[j], u, dh0[j])
	}
}
