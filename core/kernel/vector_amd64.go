//go:build !purego

package kernel

import "unsafe"

// vectorKernels is what gen writes for one instruction set.
type vectorKernels struct {
	products products

	exp, tanh, relu, tanhBack, reluBack, add func(n int, dst, src *float32)

	axpy        func(n int, dst, src *float32, s float32)
	scale       func(n int, x *float32, s float32)
	clamp       func(n int, x *float32, lo, hi float32)
	product     func(n int, dst, a, b *float32)
	drop        func(n int, dst, mask, src *float32, bits *uint16, threshold uint32, scale float32)
	max         func(n int, x *float32) float32
	expSum      func(n int, x *float32, m float32) float32
	softmax     func(n int, x *float32, scale float32) (sum, largest float32)
	softmaxRows func(n, rows int, x *float32, ld int, scale float32, sums, largest *float32)
	addRows     func(n, rows int, dst, src *float32, ld int)
	dot         func(n int, x, y *float32) float32
	sumSquares  func(n int, x *float32) float64
	weigh       func(n int, w *float64, z *float32, m, t float64) (sum, moment float64)
	peak        func(n int)

	lstm     func(n int, z *float32, block int, c0, c, tc, h *float32)
	lstmBack func(n int, z *float32, block int, c0, tc, dh, dc *float32)
	gru      func(n int, z *float32, block int, h0, h *float32)
	gruBack  func(n int, z *float32, block int, h0, dh, dh0 *float32)

	adam     func(n int, param, m, v, grad *float32, scale, decay, rate, root, eps, oneMinusBeta1, beta2, oneMinusBeta2 float32)
	momentum func(n int, param, buf, grad *float32, scale, decay, rate, mu float32)
	rmsprop  func(n int, param, v, grad *float32, scale, decay, rate, alpha, oneMinusAlpha, eps float32)
}

// vectorSet wraps kernels into a set: slices become pointers, and no call takes
// more than block elements, because the runtime cannot interrupt one.
func vectorSet(name string, v vectorKernels) *Set {
	p := &v.products
	return &Set{
		name: name, nr: 2 * p.width,
		mul: p.mul, mulTN: p.mulTN, packsTN: p.packsTN, pack: p.pack, transpose: p.transpose,
		exp: inBlocks(v.exp), tanh: inBlocks(v.tanh), relu: inBlocks(v.relu),
		tanhBack: inBlocks(v.tanhBack), reluBack: inBlocks(v.reluBack), add: inBlocks(v.add),
		axpy: func(dst []float32, s float32, src []float32) {
			for i := 0; i < len(dst); i += block {
				v.axpy(min(block, len(dst)-i), &dst[i], &src[i], s)
			}
		},
		scale: func(x []float32, s float32) {
			for i := 0; i < len(x); i += block {
				v.scale(min(block, len(x)-i), &x[i], s)
			}
		},
		clamp: func(x []float32, c float32) {
			for i := 0; i < len(x); i += block {
				v.clamp(min(block, len(x)-i), &x[i], -c, c)
			}
		},
		product: func(dst, a, b []float32) {
			for i := 0; i < len(dst); i += block {
				v.product(min(block, len(dst)-i), &dst[i], &a[i], &b[i])
			}
		},
		drop: func(dst, mask, src []float32, bits []uint64, from int, threshold uint32, scale float32) {
			drawn := unsafe.Slice((*uint16)(unsafe.Pointer(&bits[0])), 4*len(bits)) // amd64 has the lowest first
			for i := 0; i < len(dst); i += block {
				v.drop(min(block, len(dst)-i), &dst[i], &mask[i], &src[i], &drawn[from+i], threshold, scale)
			}
		},
		max:    func(x []float32) float32 { return v.max(len(x), &x[0]) },
		expSum: func(x []float32, m float32) float32 { return v.expSum(len(x), &x[0], m) },
		softmax: func(x []float32, scale float32) (sum, largest float32) {
			return v.softmax(len(x), &x[0], scale)
		},
		weigh: func(w []float64, z []float32, m, t float64) (sum, moment float64) {
			return v.weigh(len(z), &w[0], &z[0], m, t)
		},
		softmaxes: func(n int, x []float32, ld int, scale float32, sums, largest []float32) {
			v.softmaxRows(n, len(sums), &x[0], ld, scale, &sums[0], &largest[0])
		},
		addRows: func(dst, src []float32, ld, rows int) {
			v.addRows(len(dst), rows, &dst[0], &src[0], ld)
		},
		dot:        func(x, y []float32) float32 { return v.dot(len(x), &x[0], &y[0]) },
		sumSquares: func(x []float32) float64 { return v.sumSquares(len(x), &x[0]) },
		peak: func() float64 {
			const rounds, chains = 1 << 14, 12 // some 25 µs
			v.peak(rounds)
			return 2 * rounds * chains * float64(p.width)
		},
		lstm: func(z, c0, c, tc, h []float32) {
			n := len(h)
			for i := 0; i < n; i += block {
				v.lstm(min(block, n-i), &z[i], n, &c0[i], &c[i], &tc[i], &h[i])
			}
		},
		lstmBack: func(z, c0, tc, dh, dc []float32) {
			n := len(dh)
			for i := 0; i < n; i += block {
				v.lstmBack(min(block, n-i), &z[i], n, &c0[i], &tc[i], &dh[i], &dc[i])
			}
		},
		gru: func(z, h0, h []float32) {
			n := len(h)
			for i := 0; i < n; i += block {
				v.gru(min(block, n-i), &z[i], n, &h0[i], &h[i])
			}
		},
		gruBack: func(z, h0, dh, dh0 []float32) {
			n := len(dh)
			for i := 0; i < n; i += block {
				v.gruBack(min(block, n-i), &z[i], n, &h0[i], &dh[i], &dh0[i])
			}
		},
		adam: func(p, m, sq, g []float32, s AdamStep) {
			for i := 0; i < len(p); i += block {
				v.adam(min(block, len(p)-i), &p[i], &m[i], &sq[i], &g[i],
					s.Scale, s.Decay, s.Rate, s.Root, s.Eps, s.OneMinusBeta1, s.Beta2, s.OneMinusBeta2)
			}
		},
		momentum: func(p, buf, g []float32, s MomentumStep) {
			for i := 0; i < len(p); i += block {
				v.momentum(min(block, len(p)-i), &p[i], &buf[i], &g[i], s.Scale, s.Decay, s.Rate, s.Mu)
			}
		},
		rmsprop: func(p, sq, g []float32, s RMSpropStep) {
			for i := 0; i < len(p); i += block {
				v.rmsprop(min(block, len(p)-i), &p[i], &sq[i], &g[i],
					s.Scale, s.Decay, s.Rate, s.Alpha, s.OneMinusAlpha, s.Eps)
			}
		},
	}
}

func inBlocks(kernel func(n int, dst, src *float32)) func(dst, src []float32) {
	return func(dst, src []float32) {
		for i := 0; i < len(dst); i += block {
			kernel(min(block, len(dst)-i), &dst[i], &src[i])
		}
	}
}
