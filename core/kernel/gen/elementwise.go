package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func (v *isa) elementwise() {
	const unary = "func(n int, dst, src *float32)"

	v.kernel("exp", unary, "sets dst to e^src; see exp32.")
	v.expConstants()
	v.map2(func(_, x reg.VecVirtual) reg.VecVirtual { return v.exp(x) }, false)

	v.kernel("tanh", unary, "sets dst to tanh(src); see tanh32.")
	v.tanhConstants()
	v.map2(func(_, x reg.VecVirtual) reg.VecVirtual { return v.tanh(x) }, false)

	v.kernel("relu", unary, "sets dst to max(0, src), NaN to NaN; see reluPortable.")
	v.hold(0)
	v.map2(func(_, x reg.VecVirtual) reg.VecVirtual {
		v.VMAXPS(x, v.kept(0), x)
		return x
	}, false)

	v.kernel("tanhBack", unary, "multiplies dst by fma(-src, src, 1); see tanhBackPortable.")
	v.near(1)
	v.map2(func(d, h reg.VecVirtual) reg.VecVirtual {
		v.VMULPS(v.oneLessSquare(h), d, d)
		return d
	}, true)

	v.kernel("reluBack", unary, "keeps dst where src > 0 and clears it elsewhere; see reluBackPortable.")
	v.hold(0)
	v.map2(func(d, h reg.VecVirtual) reg.VecVirtual {
		const below = 1 // 0 < h, false for NaN
		if v.width == 16 {
			k, kept := v.K(), v.vec()
			v.VCMPPS(operand.Imm(below), h, v.kept(0), k)
			v.VMOVAPS_Z(d, k, kept)
			return kept
		}
		v.VCMPPS(operand.Imm(below), h, v.kept(0), h)
		v.VANDPS(h, d, d)
		return d
	}, true)

	v.kernel("add", unary, "adds src to dst.")
	v.map2(func(d, s reg.VecVirtual) reg.VecVirtual {
		v.VADDPS(s, d, d)
		return d
	}, true)

	v.kernel("addRows", "func(n, rows int, dst, src *float32, ld int)", "adds rows >= 1 rows of n floats, ld apart, to dst, one after the other.")
	v.addRows()

	v.kernel("axpy", "func(n int, dst, src *float32, s float32)", "sets dst to fma(s, src, dst).")
	s := v.scalar("s")
	v.map2(func(d, x reg.VecVirtual) reg.VecVirtual {
		v.VFMADD231PS(x, s, d)
		return d
	}, true)

	v.kernel("scale", "func(n int, x *float32, s float32)", "multiplies x by s.")
	s = v.scalar("s")
	v.map1(func(x reg.VecVirtual) { v.VMULPS(s, x, x) })

	v.kernel("clamp", "func(n int, x *float32, lo, hi float32)", "limits x to [lo, hi], NaN stays NaN; see clampPortable.")
	lo, hi := v.scalar("lo"), v.scalar("hi")
	v.map1(func(x reg.VecVirtual) {
		v.VMINPS(x, hi, x) // of NaN and a number, the first operand here is the result
		v.VMAXPS(x, lo, x)
	})

	v.kernel("product", "func(n int, dst, a, b *float32)", "sets dst to a⊙b.")
	n, dst, a, b := v.int("n"), v.int("dst"), v.int("a"), v.int("b")
	v.each(n, []reg.GPVirtual{dst, a, b}, func(p *part) {
		x, y := v.fetch(at(a, 0), p), v.fetch(at(b, 0), p)
		v.VMULPS(y, x, x)
		v.store(x, at(dst, 0), p)
	})
	v.done()

	v.drop()
}

// drop emits dropout. Of the bits whole registers are read, whatever n is.
func (v *isa) drop() {
	v.kernel("drop", "func(n int, dst, mask, src *float32, bits *uint16, threshold uint32, scale float32)",
		"sets mask to 0 where bits < threshold and to scale elsewhere, and dst to mask⊙src;",
		fmt.Sprintf("of bits it reads up to the next multiple of %d.", v.width))
	scale, threshold, low := v.scalar("scale"), v.vec(), v.XMM()
	v.VMOVD(v.Load(v.Param("threshold"), v.GP32()), low)
	v.VPBROADCASTD(low, threshold)
	n, dst, mask, src, bits := v.int("n"), v.int("dst"), v.int("mask"), v.int("src"), v.int("bits")
	v.walk(n, v.width, v.width, []step{{dst, 4}, {mask, 4}, {src, 4}, {bits, 2}}, func(_ int, p *part) {
		drawn, kept := v.vec(), v.vec()
		v.VPMOVZXWD(at(bits, 0), drawn)
		if v.width == 16 {
			const notLess = 5
			k := v.K()
			v.VPCMPUD(operand.Imm(notLess), threshold, drawn, k)
			v.VMOVAPS_Z(scale, k, kept)
		} else {
			v.VPCMPGTD(drawn, threshold, drawn)
			v.VANDNPS(scale, drawn, kept)
		}
		v.store(kept, at(mask, 0), p)
		x := v.fetch(at(src, 0), p)
		v.VMULPS(kept, x, x)
		v.store(x, at(dst, 0), p)
	})
	v.done()
}

// addRows ends the kernel of that name: a register of dst takes all rows before
// the next.
func (v *isa) addRows() {
	n, rows, dst, src, ld := v.int("n"), v.int("rows"), v.int("dst"), v.int("src"), v.int("ld")
	v.SHLQ(operand.Imm(2), ld)
	v.each(n, []reg.GPVirtual{dst, src}, func(p *part) {
		sum, row, left := v.fetch(at(dst, 0), p), v.GP64(), v.GP64()
		v.MOVQ(src, row)
		v.MOVQ(rows, left)
		next := v.label("row")
		v.Label(next)
		v.VADDPS(v.fetch(at(row, 0), p), sum, sum)
		v.ADDQ(ld, row)
		v.DECQ(left)
		v.JNZ(operand.LabelRef(next))
		v.store(sum, at(dst, 0), p)
	})
	v.done()
}

// map1 ends a kernel that changes x in place.
func (v *isa) map1(f func(x reg.VecVirtual)) {
	n, x := v.int("n"), v.int("x")
	v.each(n, []reg.GPVirtual{x}, func(p *part) {
		r := v.fetch(at(x, 0), p)
		f(r)
		v.store(r, at(x, 0), p)
	})
	v.done()
}

// map2 ends a kernel that sets dst to f(dst, src); read says that it uses the
// old dst.
func (v *isa) map2(f func(d, s reg.VecVirtual) reg.VecVirtual, read bool) {
	n, dst, src := v.int("n"), v.int("dst"), v.int("src")
	v.each(n, []reg.GPVirtual{dst, src}, func(p *part) {
		s := v.fetch(at(src, 0), p)
		var d reg.VecVirtual
		if read {
			d = v.fetch(at(dst, 0), p)
		}
		v.store(f(d, s), at(dst, 0), p)
	})
	v.done()
}

// The constants of exp32 and tanh32 in portable.go, where their sources are; only
// tanhMax is another, because fused steps round to 1 elsewhere.
const (
	expHi, expLo = 88.0, -87.33654
	log2e        = 1.44269504088896341
	ln2Hi, ln2Lo = 0.693359375, -2.12194440e-4
	tanhMax      = 7.99881172180175781
)

var (
	expP  = []float32{1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1}
	tanhA = []float32{-2.76076847742355e-16, 2.00018790482477e-13, -8.60467152213735e-11, 5.12229709037114e-08, 1.48572235717979e-05, 6.37261928875436e-04, 4.89352455891786e-03}
	tanhB = []float32{1.19825839466702e-06, 1.18534705686654e-04, 2.26843463243900e-03, 4.89352518554385e-03}
)

func (v *isa) expConstants() {
	v.hold(expLo, expHi)
	v.near(log2e, ln2Hi, ln2Lo, 1)
	v.near(expP...)
}

func (v *isa) tanhConstants() {
	v.hold(-tanhMax, tanhMax)
	v.near(tanhA...)
	v.near(tanhB...)
}

func (v *isa) sigmoidConstants() {
	v.tanhConstants()
	v.hold(0.5)
}

// polynomial returns c0·x^n + c1·x^(n-1) + …, a chain of fused steps.
func (v *isa) polynomial(c []float32, x reg.VecVirtual) reg.VecVirtual {
	p := v.vec()
	v.VMOVAPS(v.constant(c[0]), p)
	for _, c := range c[1:] {
		v.VFMADD213PS(v.constant(c), x, p)
	}
	return p
}

// within limits x to [lo, hi]. NaN stays NaN: of NaN and a number, minimum and
// maximum give their last source, which is the first operand in Go's order.
func (v *isa) within(x reg.VecVirtual, lo, hi float32) {
	v.VMAXPS(x, v.kept(lo), x)
	v.VMINPS(x, v.kept(hi), x)
}

// exp returns e^x as 2^n·e^r with |r| <= ½ ln 2. x is overwritten.
func (v *isa) exp(x reg.VecVirtual) reg.VecVirtual {
	v.within(x, expLo, expHi)
	i, n, square := v.vec(), v.vec(), v.vec()
	v.VMULPS(v.constant(log2e), x, n)
	v.VCVTPS2DQ(n, i)
	v.VCVTDQ2PS(i, n)
	v.VFNMADD231PS(v.constant(ln2Hi), n, x)
	v.VFNMADD231PS(v.constant(ln2Lo), n, x)
	v.VMULPS(x, x, square)
	p := v.polynomial(expP, x)
	v.VFMADD213PS(x, square, p)
	v.VADDPS(v.constant(1), p, p)
	v.VPSLLD(operand.Imm(23), i, i)
	v.VPADDD(v.constant(1), i, i) // the bits of 1 are the exponent's bias in place
	v.VMULPS(i, p, p)
	return p
}

// tanh returns tanh(x) as a quotient of polynomials. x is overwritten.
func (v *isa) tanh(x reg.VecVirtual) reg.VecVirtual {
	v.within(x, -tanhMax, tanhMax)
	square := v.vec()
	v.VMULPS(x, x, square)
	p := v.polynomial(tanhA, square)
	v.VMULPS(x, p, p)
	q := v.polynomial(tanhB, square)
	v.VDIVPS(q, p, p)
	return p
}

// sigmoid returns ½ + ½ tanh(x/2). x is overwritten.
func (v *isa) sigmoid(x reg.VecVirtual) reg.VecVirtual {
	half := v.kept(0.5)
	v.VMULPS(half, x, x)
	t := v.tanh(x)
	v.VFMADD213PS(half, half, t)
	return t
}

// oneLess returns 1-x.
func (v *isa) oneLess(x reg.VecVirtual) reg.VecVirtual {
	r := v.vec()
	v.VSUBPS(x, v.kept(1), r)
	return r
}

// oneLessSquare returns 1-x², fused.
func (v *isa) oneLessSquare(x reg.VecVirtual) reg.VecVirtual {
	r := v.vec()
	v.VMOVAPS(v.constant(1), r)
	v.VFNMADD231PS(x, x, r)
	return r
}
