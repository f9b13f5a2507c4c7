package main

import "github.com/mmcloughlin/avo/reg"

func (v *isa) optimizers() {
	v.adam()
	v.momentum()
	v.rmsprop()
}

// gradient returns fma(decay, param, scale·grad).
func (v *isa) gradient(scale, grad, decay, param reg.VecVirtual) reg.VecVirtual {
	v.VMULPS(scale, grad, grad)
	v.VFMADD231PS(param, decay, grad)
	return grad
}

// blend adds weight·x² to kept·old: fma(kept, old, weight·(x·x)).
func (v *isa) blend(kept, old, weight, x reg.VecVirtual) reg.VecVirtual {
	r := v.vec()
	v.VMULPS(x, x, r)
	v.VMULPS(weight, r, r)
	v.VFMADD231PS(old, kept, r)
	return r
}

func (v *isa) adam() {
	v.kernel("adam", "func(n int, param, m, v, grad *float32, scale, decay, rate, root, eps, oneMinusBeta1, beta2, oneMinusBeta2 float32)",
		"is adamPortable with every a·b+c fused.")
	n, param, m, sq, grad := v.int("n"), v.int("param"), v.int("m"), v.int("v"), v.int("grad")
	scale, decay, rate, root, eps := v.scalar("scale"), v.scalar("decay"), v.scalar("rate"), v.scalar("root"), v.scalar("eps")
	rest1, beta2, rest2 := v.scalar("oneMinusBeta1"), v.scalar("beta2"), v.scalar("oneMinusBeta2")
	v.each(n, []reg.GPVirtual{param, m, sq, grad}, func(p *part) {
		x := v.fetch(at(param, 0), p)
		d := v.gradient(scale, v.fetch(at(grad, 0), p), decay, x)
		mean, diff := v.fetch(at(m, 0), p), v.vec()
		v.VSUBPS(mean, d, diff)
		v.VFMADD231PS(diff, rest1, mean)
		v.store(mean, at(m, 0), p)
		square := v.blend(beta2, v.fetch(at(sq, 0), p), rest2, d)
		v.store(square, at(sq, 0), p)
		v.VSQRTPS(square, square)
		v.VFMADD213PS(eps, root, square)
		v.VMULPS(rate, mean, mean)
		v.VDIVPS(square, mean, mean)
		v.VSUBPS(mean, x, x)
		v.store(x, at(param, 0), p)
	})
	v.done()
}

func (v *isa) momentum() {
	v.kernel("momentum", "func(n int, param, buf, grad *float32, scale, decay, rate, mu float32)",
		"is momentumPortable with every a·b+c fused.")
	n, param, buf, grad := v.int("n"), v.int("param"), v.int("buf"), v.int("grad")
	scale, decay, rate, mu := v.scalar("scale"), v.scalar("decay"), v.scalar("rate"), v.scalar("mu")
	v.each(n, []reg.GPVirtual{param, buf, grad}, func(p *part) {
		x := v.fetch(at(param, 0), p)
		d := v.gradient(scale, v.fetch(at(grad, 0), p), decay, x)
		v.VFMADD231PS(v.fetch(at(buf, 0), p), mu, d)
		v.store(d, at(buf, 0), p)
		v.VFNMADD231PS(d, rate, x)
		v.store(x, at(param, 0), p)
	})
	v.done()
}

func (v *isa) rmsprop() {
	v.kernel("rmsprop", "func(n int, param, v, grad *float32, scale, decay, rate, alpha, oneMinusAlpha, eps float32)",
		"is rmspropPortable with every a·b+c fused.")
	n, param, sq, grad := v.int("n"), v.int("param"), v.int("v"), v.int("grad")
	scale, decay, rate := v.scalar("scale"), v.scalar("decay"), v.scalar("rate")
	alpha, rest, eps := v.scalar("alpha"), v.scalar("oneMinusAlpha"), v.scalar("eps")
	v.each(n, []reg.GPVirtual{param, sq, grad}, func(p *part) {
		x := v.fetch(at(param, 0), p)
		d := v.gradient(scale, v.fetch(at(grad, 0), p), decay, x)
		square := v.blend(alpha, v.fetch(at(sq, 0), p), rest, d)
		v.store(square, at(sq, 0), p)
		v.VSQRTPS(square, square)
		v.VADDPS(eps, square, square)
		v.VMULPS(rate, d, d)
		v.VDIVPS(square, d, d)
		v.VSUBPS(d, x, x)
		v.store(x, at(param, 0), p)
	})
	v.done()
}
