package main

import (
	"math"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The constants of exp64 in weigh.go, where they are explained.
const (
	exp64Low   = -708.0
	exp64Round = 3 << 51
	ln2High    = 0x1.62e42fefa39efp-1
	ln2Low     = 0x1.abc9e3b39803fp-56
	exp64Terms = 13
)

// weigh emits the exponentials of float64 that sampling takes, in eight lanes: one
// register in AVX-512, two in AVX2.
func (v *isa) weigh() {
	v.kernel("weigh", "func(n int, w *float64, z *float32, m, t float64) (sum, moment float64)",
		"sets w to e^x for x = (z-m)/t and returns Σw and Σwx, in eight lanes; see weighPortable.")
	n, w, z := v.int("n"), v.int("w"), v.int("z")
	m, t := v.double("m"), v.double("t")
	size := v.width / 2
	sums, moments := make([]reg.VecVirtual, 8/size), make([]reg.VecVirtual, 8/size)
	for i := range sums {
		sums[i], moments[i] = v.zero(), v.zero()
	}
	v.walk(n, 8, size, []step{{z, 4}, {w, 8}}, func(i int, p *part) {
		x := v.widened(at(z, 4*size*i), p)
		v.VSUBPD(m, x, x)
		v.within64(p, x) // absent lanes have x = 0
		v.VDIVPD(t, x, x)
		e := v.exp64(x)
		v.within64(p, e)
		v.store64(e, at(w, 8*size*i), p)
		v.VADDPD(e, sums[i], sums[i])
		v.VFMADD231PD(x, e, moments[i])
	})
	v.result(0, v.VMOVSD, v.fold64(sums))
	v.result(1, v.VMOVSD, v.fold64(moments))
	v.done()
}

// within64 clears the float64 lanes of r that are not in p.
func (v *isa) within64(p *part, r reg.VecVirtual) {
	switch {
	case p == nil:
	case v.width == 16:
		v.VMOVAPD_Z(r, p.k, r)
	default:
		v.VANDPD(v.mask64(p), r, r)
	}
}

// store64 writes the float64 lanes of r in p to memory.
func (v *isa) store64(r reg.VecVirtual, m operand.Mem, p *part) {
	switch {
	case p == nil:
		v.VMOVUPD(r, m)
	case v.width == 16:
		v.VMOVUPD(r, p.k, m)
	default:
		v.VMASKMOVPD(r, v.mask64(p), m)
	}
}

// mask64 is an AVX2 part's first four lanes, twice as wide.
func (v *isa) mask64(p *part) reg.VecVirtual {
	wide := v.YMM()
	v.VPMOVSXDQ(p.y.AsX(), wide)
	return wide
}

// exp64 returns e^x for x <= 0, zero from exp64Low down, where x becomes that.
func (v *isa) exp64(x reg.VecVirtual) reg.VecVirtual {
	low := v.table.double(exp64Low)
	const atMost = 2 // x <= low
	var gone reg.Register
	if v.width == 16 {
		gone = v.K()
	} else {
		gone = v.YMM()
	}
	v.VCMPPD(operand.Imm(atMost), low, x, gone)
	v.VMAXPD(low, x, x)

	n, k := v.vec(), v.vec()
	v.VMOVUPD(v.table.double(exp64Round), n)
	v.VMOVAPD(n, k)
	v.VFMADD231PD(v.table.double(math.Log2E), x, n) // the integer is in its low bits
	v.VSUBPD(k, n, k)
	r := v.vec()
	v.VMOVAPD(x, r)
	v.VFNMADD231PD(v.table.double(ln2High), k, r)
	v.VFNMADD231PD(v.table.double(ln2Low), k, r)

	p, term := v.vec(), 1.0
	coefficients := make([]float64, exp64Terms+1)
	for i := range coefficients {
		coefficients[i] = 1 / term
		term *= float64(i + 1)
	}
	v.VMOVUPD(v.table.double(coefficients[exp64Terms]), p)
	for i := exp64Terms - 1; i >= 0; i-- {
		v.VFMADD213PD(v.table.double(coefficients[i]), r, p)
	}
	v.VPSLLQ(operand.Imm(52), n, n)
	v.VPADDQ(n, p, p)
	if v.width == 16 {
		kept := v.K()
		v.KNOTW(gone, kept)
		v.VMOVAPD_Z(p, kept, p)
	} else {
		v.VANDNPD(p, gone, p)
	}
	return p
}

// fold64 combines eight float64 lanes into the first: lane i takes lane i+4, then
// i+2, then i+1.
func (v *isa) fold64(lanes []reg.VecVirtual) reg.VecVirtual {
	four, two, other := v.YMM(), v.XMM(), v.XMM()
	if v.width == 16 {
		v.VEXTRACTF64X4(operand.Imm(1), lanes[0], four)
		v.VADDPD(four, lanes[0].AsY(), four)
		v.VEXTRACTF64X2(operand.Imm(1), four, two)
	} else {
		v.VADDPD(lanes[1], lanes[0], four)
		v.VEXTRACTF128(operand.Imm(1), four, two)
	}
	v.VADDPD(two, four.AsX(), two)
	v.VPERMILPD(operand.Imm(1), two, other)
	v.VADDPD(other, two, two)
	return two
}
