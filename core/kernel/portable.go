package kernel

import "math"

// portable is the reference: plain Go without a build tag, so that it always
// runs. float32(x*y) + z keeps compilers from fusing, so that it gives the same
// bits everywhere.
var portable = &Set{
	name: "portable", nr: portableNR,
	mul: mulPortable, mulTN: mulTNPortable,
	pack: packPortable, transpose: transposePortable,
	exp: expPortable, tanh: tanhPortable, relu: reluPortable,
	tanhBack: tanhBackPortable, reluBack: reluBackPortable,
	lstm: lstmPortable, lstmBack: lstmBackPortable,
	gru: gruPortable, gruBack: gruBackPortable,
	max: maxPortable, expSum: expSumPortable, softmax: softmaxPortable, softmaxes: softmaxesPortable, weigh: weighPortable,
	dot: dotPortable, sumSquares: sumSquaresPortable, peak: peakPortable,
	add: addPortable, addRows: addRowsPortable, axpy: axpyPortable, scale: scalePortable,
	clamp: clampPortable, product: productPortable, drop: dropPortable,
	adam: adamPortable, momentum: momentumPortable, rmsprop: rmspropPortable,
}

// The constants of exp (Cephes expf) and tanh (the rational fit that Eigen uses).
// The vector kernels use the same but for tanhMax, from where on tanh is 1: it is
// where the quotient first rounds to 1, and fused steps round elsewhere.
const (
	expHi, expLo = 88.0, -87.33654
	log2e        = 1.44269504088896341
	ln2Hi, ln2Lo = 0.693359375, -2.12194440e-4
	exp0, exp1   = 1.9875691500e-4, 1.3981999507e-3
	exp2, exp3   = 8.3334519073e-3, 4.1665795894e-2
	exp4, exp5   = 1.6666665459e-1, 5.0000001201e-1
	tanhMax      = 7.90531110763549805
	tanhA1       = 4.89352455891786e-03
	tanhA3       = 6.37261928875436e-04
	tanhA5       = 1.48572235717979e-05
	tanhA7       = 5.12229709037114e-08
	tanhA9       = -8.60467152213735e-11
	tanhA11      = 2.00018790482477e-13
	tanhA13      = -2.76076847742355e-16
	tanhB0       = 4.89352518554385e-03
	tanhB2       = 2.26843463243900e-03
	tanhB4       = 1.18534705686654e-04
	tanhB6       = 1.19825839466702e-06
)

func exp32(x float32) float32 {
	if x != x {
		return x
	}
	x = min(max(x, expLo), expHi)
	n := float32(math.RoundToEven(float64(float32(x * log2e))))
	x -= float32(n * ln2Hi)
	x -= float32(n * ln2Lo)
	p := float32(exp0)
	for _, c := range [...]float32{exp1, exp2, exp3, exp4, exp5} {
		p = float32(p*x) + c
	}
	p = float32(p*float32(x*x)) + x + 1
	return p * math.Float32frombits(uint32(int32(n)+127)<<23)
}

func tanh32(x float32) float32 {
	if x != x {
		return x
	}
	x = min(max(x, -tanhMax), tanhMax)
	y := x * x
	p := float32(tanhA13)
	for _, c := range [...]float32{tanhA11, tanhA9, tanhA7, tanhA5, tanhA3, tanhA1} {
		p = float32(p*y) + c
	}
	q := float32(tanhB6)
	for _, c := range [...]float32{tanhB4, tanhB2, tanhB0} {
		q = float32(q*y) + c
	}
	return float32(x*p) / q
}

// sigmoid32 is 1/(1+e^-x) = ½ + ½ tanh(x/2).
func sigmoid32(x float32) float32 { return float32(0.5*tanh32(0.5*x)) + 0.5 }

func expPortable(dst, src []float32) {
	for i, x := range src[:len(dst)] {
		dst[i] = exp32(x)
	}
}

func tanhPortable(dst, src []float32) {
	for i, x := range src[:len(dst)] {
		dst[i] = tanh32(x)
	}
}

func reluPortable(dst, src []float32) {
	for i, x := range src[:len(dst)] {
		if x < 0 {
			x = 0
		}
		dst[i] = x
	}
}

func tanhBackPortable(d, h []float32) {
	for i, y := range h[:len(d)] {
		d[i] *= 1 - float32(y*y)
	}
}

func reluBackPortable(d, h []float32) {
	for i, y := range h[:len(d)] {
		if !(y > 0) {
			d[i] = 0
		}
	}
}

func lstmPortable(z, c0, c, tc, h []float32) {
	n := len(h)
	zi, zf, zg, zo := z[:n], z[n:2*n], z[2*n:3*n], z[3*n:4*n]
	for j := range h {
		i, f, g, o := sigmoid32(zi[j]), sigmoid32(zf[j]), tanh32(zg[j]), sigmoid32(zo[j])
		zi[j], zf[j], zg[j], zo[j] = i, f, g, o
		c[j] = float32(f*c0[j]) + float32(i*g)
		tc[j] = tanh32(c[j])
		h[j] = o * tc[j]
	}
}

func lstmBackPortable(z, c0, tc, dh, dc []float32) {
	n := len(dh)
	zi, zf, zg, zo := z[:n], z[n:2*n], z[2*n:3*n], z[3*n:4*n]
	for j := range dh {
		i, f, g, o := zi[j], zf[j], zg[j], zo[j]
		d := dc[j] + float32(float32(dh[j]*o)*(1-float32(tc[j]*tc[j])))
		zi[j] = float32(d*g) * float32(i*(1-i))
		zf[j] = float32(d*c0[j]) * float32(f*(1-f))
		zg[j] = float32(d*i) * (1 - float32(g*g))
		zo[j] = float32(dh[j]*tc[j]) * float32(o*(1-o))
		dc[j] = d * f
	}
}

func gruPortable(z, h0, h []float32) {
	m := len(h)
	zr, zz, zn, zh := z[:m], z[m:2*m], z[2*m:3*m], z[3*m:4*m]
	for j := range h {
		r, u := sigmoid32(zr[j]), sigmoid32(zz[j])
		n := tanh32(zn[j] + float32(r*zh[j]))
		zr[j], zz[j], zn[j] = r, u, n
		h[j] = float32(u*(h0[j]-n)) + n
	}
}

func gruBackPortable(z, h0, dh, dh0 []float32) {
	m := len(dh)
	zr, zz, zn, zh := z[:m], z[m:2*m], z[2*m:3*m], z[3*m:4*m]
	for j := range dh {
		r, u, n, d := zr[j], zz[j], zn[j], dh[j]
		dn := float32(d*(1-u)) * (1 - float32(n*n))
		zz[j] = float32(d*(h0[j]-n)) * float32(u*(1-u))
		zr[j] = float32(dn*zh[j]) * float32(r*(1-r))
		zn[j] = dn
		zh[j] = dn * r
		dh0[j] += float32(d * u)
	}
}

func maxPortable(x []float32) float32 {
	m := x[0]
	for _, v := range x[1:] {
		m = max(m, v)
	}
	return m
}

// lanes is the number of partial sums of a reduction.
const lanes = 16

// fold sums the lanes as the vector kernels do: halves onto halves.
func fold[F float32 | float64](s *[lanes]F) F {
	for w := lanes / 2; w > 0; w /= 2 {
		for i := range w {
			s[i] += s[i+w]
		}
	}
	return s[0]
}

func expSumPortable(x []float32, m float32) float32 {
	var s [lanes]float32
	for i, v := range x {
		e := exp32(v - m)
		x[i] = e
		s[i%lanes] += e
	}
	return fold(&s)
}

func softmaxPortable(x []float32, scale float32) (sum, largest float32) {
	largest = maxPortable(x)
	sum = expSumPortable(x, largest)
	scalePortable(x, scale/sum)
	return sum, largest
}

func softmaxesPortable(n int, x []float32, ld int, scale float32, sums, largest []float32) {
	for r := range sums {
		sums[r], largest[r] = softmaxPortable(x[r*ld:r*ld+n], scale)
	}
}

// dotPortable runs in four times sixteen lanes as far as whole sixty-fours go
// and then in the first sixteen, like the vector kernels.
func dotPortable(x, y []float32) float32 {
	var s [4][lanes]float32
	whole := len(x) / (4 * lanes) * (4 * lanes)
	for i, v := range x[:whole] {
		s[i/lanes%4][i%lanes] += float32(v * y[i])
	}
	for i := whole; i < len(x); i++ {
		s[0][i%lanes] += float32(x[i] * y[i])
	}
	for i := range lanes {
		s[0][i] = (s[0][i] + s[1][i]) + (s[2][i] + s[3][i])
	}
	return fold(&s[0])
}

func sumSquaresPortable(x []float32) float64 {
	var s [lanes]float64
	for i, v := range x {
		s[i%lanes] += float64(v) * float64(v) // exact product, so fusing changes nothing
	}
	return fold(&s)
}

func addPortable(dst, src []float32) {
	for i, v := range src[:len(dst)] {
		dst[i] += v
	}
}

func addRowsPortable(dst, src []float32, ld, rows int) {
	for r := range rows {
		addPortable(dst, src[r*ld:])
	}
}

func axpyPortable(dst []float32, s float32, src []float32) {
	for i, v := range src[:len(dst)] {
		dst[i] += float32(s * v)
	}
}

func scalePortable(x []float32, s float32) {
	for i := range x {
		x[i] *= s
	}
}

func clampPortable(x []float32, c float32) {
	for i, v := range x {
		if v > c {
			x[i] = c
		} else if v < -c {
			x[i] = -c
		}
	}
}

func productPortable(dst, a, b []float32) {
	for i := range dst {
		dst[i] = a[i] * b[i]
	}
}

func dropPortable(dst, mask, src []float32, bits []uint64, from int, threshold uint32, scale float32) {
	for j := range dst {
		at := from + j
		mask[j] = scale
		if uint32(bits[at/4]>>(16*(at%4)))&0xffff < threshold {
			mask[j] = 0
		}
		dst[j] = mask[j] * src[j]
	}
}

func adamPortable(p, m, v, g []float32, s AdamStep) {
	for i := range p {
		d := float32(s.Decay*p[i]) + float32(s.Scale*g[i])
		m[i] += float32(s.OneMinusBeta1 * (d - m[i]))
		v[i] = float32(s.Beta2*v[i]) + float32(s.OneMinusBeta2*float32(d*d))
		root := float32(math.Sqrt(float64(v[i])))
		p[i] -= float32(s.Rate*m[i]) / (float32(root*s.Root) + s.Eps)
	}
}

func momentumPortable(p, buf, g []float32, s MomentumStep) {
	for i := range p {
		d := float32(s.Decay*p[i]) + float32(s.Scale*g[i])
		buf[i] = float32(s.Mu*buf[i]) + d
		p[i] -= float32(s.Rate * buf[i])
	}
}

func rmspropPortable(p, v, g []float32, s RMSpropStep) {
	for i := range p {
		d := float32(s.Decay*p[i]) + float32(s.Scale*g[i])
		v[i] = float32(s.Alpha*v[i]) + float32(s.OneMinusAlpha*float32(d*d))
		p[i] -= float32(s.Rate*d) / (float32(math.Sqrt(float64(v[i]))) + s.Eps)
	}
}
