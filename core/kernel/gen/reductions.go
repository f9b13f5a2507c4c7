package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// A reduction runs in sixteen lanes, element i in lane i%16: one register in
// AVX-512, two in AVX2, twice as many when the lanes are float64. At the end
// halves are folded onto halves, lane i taking lane i+8, i+4, i+2, i+1.

func (v *isa) reductions() {
	v.maximum()
	v.expSum()
	v.sumSquares()
}

// sixteen runs body over n floats sixteen at a time, in pieces of size floats,
// and once more for the parts that are left. body's index is the piece's.
func (v *isa) sixteen(n, x reg.GPVirtual, size int, body func(i int, m operand.Mem, p *part)) {
	next, tail, end := v.label("next"), v.label("tail"), v.label("end")
	v.CMPQ(n, operand.Imm(16))
	v.JLT(operand.LabelRef(tail))
	v.Label(next)
	for i := range 16 / size {
		body(i, at(x, 4*size*i), nil)
	}
	v.ADDQ(operand.Imm(64), x)
	v.SUBQ(operand.Imm(16), n)
	v.CMPQ(n, operand.Imm(16))
	v.JGE(operand.LabelRef(next))
	v.Label(tail)
	v.TESTQ(n, n)
	v.JZ(operand.LabelRef(end))
	for i, p := range v.parts(n, 16/size, size) {
		body(i, at(x, 4*size*i), p)
	}
	v.Label(end)
}

// fold combines sixteen float32 lanes into the first.
func (v *isa) fold(lanes []reg.VecVirtual, op func(...operand.Op)) reg.VecVirtual {
	eight, four := v.YMM(), v.XMM()
	if v.width == 16 {
		v.VEXTRACTF64X4(operand.Imm(1), lanes[0], eight)
		op(eight, lanes[0].AsY(), eight)
		v.VEXTRACTF32X4(operand.Imm(1), eight, four)
	} else {
		op(lanes[1], lanes[0], eight)
		v.VEXTRACTF128(operand.Imm(1), eight, four)
	}
	op(four, eight.AsX(), four)
	other := v.XMM()
	v.VPERMILPS(operand.Imm(0x4e), four, other)
	op(other, four, four)
	v.VPERMILPS(operand.Imm(0xb1), four, other)
	op(other, four, four)
	return four
}

// result stores a lane's value as the function's.
func (v *isa) result(move func(...operand.Op), r reg.VecVirtual) {
	b, err := v.ReturnIndex(0).Resolve()
	if err != nil {
		panic(err)
	}
	move(r.AsX(), b.Addr)
	v.done()
}

func (v *isa) maximum() {
	v.kernel("max", "func(n int, x *float32) float32", "returns the largest of n >= 1 values, in sixteen lanes that start from the first.")
	n, x := v.int("n"), v.int("x")
	lanes := make([]reg.VecVirtual, 16/v.width)
	for i := range lanes {
		lanes[i] = v.vec()
		v.VBROADCASTSS(at(x, 0), lanes[i])
	}
	v.sixteen(n, x, v.width, func(i int, m operand.Mem, p *part) {
		y := v.fetch(m, p)
		switch {
		case p == nil:
			v.VMAXPS(y, lanes[i], lanes[i])
		case v.width == 16:
			v.VMAXPS(y, lanes[i], p.k, lanes[i])
		default:
			v.VMAXPS(y, lanes[i], y)
			v.VBLENDVPS(p.y, y, lanes[i], lanes[i])
		}
	})
	v.result(v.VMOVSS, v.fold(lanes, v.VMAXPS))
}

func (v *isa) expSum() {
	v.kernel("expSum", "func(n int, x *float32, m float32) float32", "sets x to e^(x-m) and returns the sum, in sixteen lanes.")
	n, x, m := v.int("n"), v.int("x"), v.scalar("m")
	v.expConstants()
	lanes := make([]reg.VecVirtual, 16/v.width)
	for i := range lanes {
		lanes[i] = v.zero()
	}
	v.sixteen(n, x, v.width, func(i int, mem operand.Mem, p *part) {
		y := v.fetch(mem, p)
		v.VSUBPS(m, y, y)
		e := v.exp(y)
		v.store(e, mem, p)
		switch {
		case p == nil:
			v.VADDPS(e, lanes[i], lanes[i])
		case v.width == 16:
			v.VADDPS(e, lanes[i], p.k, lanes[i])
		default:
			v.VANDPS(p.y, e, e)
			v.VADDPS(e, lanes[i], lanes[i])
		}
	})
	v.result(v.VMOVSS, v.fold(lanes, v.VADDPS))
}

func (v *isa) sumSquares() {
	v.kernel("sumSquares", "func(n int, x *float32) float64", "returns the sum of squares, in sixteen lanes of float64; see sumSquaresPortable.")
	n, x := v.int("n"), v.int("x")
	size := v.width / 2 // float64 values in a register
	lanes := make([]reg.VecVirtual, 16/size)
	for i := range lanes {
		lanes[i] = v.zero()
	}
	v.sixteen(n, x, size, func(i int, m operand.Mem, p *part) {
		var narrow reg.Register = v.YMM()
		if v.width == 8 {
			narrow = v.XMM()
		}
		y := v.vec()
		v.load(m, p, narrow)
		v.VCVTPS2PD(narrow, y)
		v.VFMADD231PD(y, y, lanes[i])
	})
	for half := len(lanes) / 2; half > 0; half /= 2 {
		for i := range half {
			v.VADDPD(lanes[i+half], lanes[i], lanes[i])
		}
	}
	sum, four, two := lanes[0], v.YMM(), v.XMM()
	if v.width == 16 {
		v.VEXTRACTF64X4(operand.Imm(1), sum, four)
		v.VADDPD(four, sum.AsY(), four)
		v.VEXTRACTF64X2(operand.Imm(1), four, two)
	} else {
		four = sum
		v.VEXTRACTF128(operand.Imm(1), four, two)
	}
	v.VADDPD(two, four.AsX(), two)
	other := v.XMM()
	v.VPERMILPD(operand.Imm(1), two, other)
	v.VADDPD(other, two, two)
	v.result(v.VMOVSD, two)
}
