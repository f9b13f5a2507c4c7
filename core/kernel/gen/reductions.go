package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// A reduction runs in sixteen lanes, element i in lane i%16: one register in
// AVX-512, two in AVX2, twice as many when the lanes are float64. At the end
// halves are folded onto halves, lane i taking lane i+8, i+4, i+2, i+1.

func (v *isa) reductions() {
	v.kernel("max", "func(n int, x *float32) float32", "returns the largest of n >= 1 values, in sixteen lanes that start from the first.")
	v.result(0, v.VMOVSS, v.largest(v.int("n"), v.int("x")))
	v.done()

	v.kernel("expSum", "func(n int, x *float32, m float32) float32", "sets x to e^(x-m) and returns the sum, in sixteen lanes.")
	m := v.scalar("m")
	v.expConstants()
	v.result(0, v.VMOVSS, v.exponentials(v.int("n"), v.int("x"), m))
	v.done()

	v.softmax()
	v.dot()
	v.sumSquares()
	v.weigh()
}

// sixteen runs body over n floats sixteen at a time, in pieces of size floats,
// and once more for the parts that are left. body is given the piece's index
// and its place behind the pointers, in bytes.
func (v *isa) sixteen(n reg.GPVirtual, pointers []reg.GPVirtual, size int, body func(i, disp int, p *part)) {
	var steps []step
	for _, p := range pointers {
		steps = append(steps, step{p, 4})
	}
	v.walk(n, 16, size, steps, func(i int, p *part) { body(i, 4*size*i, p) })
}

// step is a pointer that moves along, by so many bytes an element.
type step struct {
	pointer reg.GPVirtual
	bytes   int
}

// walk runs body over n elements, so many lanes at a time, in pieces of size of
// them, and once more for the parts that are left. body is given the piece's index.
func (v *isa) walk(n reg.GPVirtual, lanes, size int, steps []step, body func(i int, p *part)) {
	next, tail, end := v.label("next"), v.label("tail"), v.label("end")
	v.CMPQ(n, operand.Imm(uint64(lanes)))
	v.JLT(operand.LabelRef(tail))
	v.Label(next)
	for i := range lanes / size {
		body(i, nil)
	}
	for _, s := range steps {
		v.ADDQ(operand.Imm(uint64(lanes*s.bytes)), s.pointer)
	}
	v.SUBQ(operand.Imm(uint64(lanes)), n)
	v.CMPQ(n, operand.Imm(uint64(lanes)))
	v.JGE(operand.LabelRef(next))
	v.Label(tail)
	v.TESTQ(n, n)
	v.JZ(operand.LabelRef(end))
	for i, p := range v.parts(n, lanes/size, size) {
		body(i, p)
	}
	v.Label(end)
}

// widened loads floats into a register of float64.
func (v *isa) widened(m operand.Mem, p *part) reg.VecVirtual {
	var narrow reg.Register = v.YMM()
	if v.width == 8 {
		narrow = v.XMM()
	}
	y := v.vec()
	v.load(m, p, narrow)
	v.VCVTPS2PD(narrow, y)
	return y
}

// zeroLanes returns sixteen float32 lanes of zeros.
func (v *isa) zeroLanes() []reg.VecVirtual {
	lanes := make([]reg.VecVirtual, 16/v.width)
	for i := range lanes {
		lanes[i] = v.zero()
	}
	return lanes
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

// result stores a lane's value as one of the function's.
func (v *isa) result(i int, move func(...operand.Op), r reg.VecVirtual) {
	b, err := v.ReturnIndex(i).Resolve()
	if err != nil {
		panic(err)
	}
	move(r.AsX(), b.Addr)
}

// largest returns the maximum of n floats at x, which it walks over.
func (v *isa) largest(n, x reg.GPVirtual) reg.VecVirtual {
	lanes := make([]reg.VecVirtual, 16/v.width)
	for i := range lanes {
		lanes[i] = v.vec()
		v.VBROADCASTSS(at(x, 0), lanes[i])
	}
	v.sixteen(n, []reg.GPVirtual{x}, v.width, func(i, disp int, p *part) {
		y := v.fetch(at(x, disp), p)
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
	return v.fold(lanes, v.VMAXPS)
}

// exponentials sets n floats at x, which it walks over, to e^(x-m) and returns
// their sum.
func (v *isa) exponentials(n, x reg.GPVirtual, m reg.VecVirtual) reg.VecVirtual {
	lanes := v.zeroLanes()
	v.sixteen(n, []reg.GPVirtual{x}, v.width, func(i, disp int, p *part) {
		y := v.fetch(at(x, disp), p)
		v.VSUBPS(m, y, y)
		e := v.exp(y)
		v.store(e, at(x, disp), p)
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
	return v.fold(lanes, v.VADDPS)
}

// softmax emits max, expSum and scale in one, for one row and for rows one after
// the other: a short row is mostly waiting for the end of a chain, which those of
// the next fill.
func (v *isa) softmax() {
	v.kernel("softmax", "func(n int, x *float32, scale float32) (sum, largest float32)",
		"sets x to e^(x-largest)·(scale/sum) and returns the sum and the largest of n >= 1:",
		"max, expSum and scale in one.")
	n, x := v.int("n"), v.int("x")
	v.expConstants()
	sum, top := v.softmaxRow(n, x, v.scalar("scale"))
	v.result(0, v.VMOVSS, sum)
	v.result(1, v.VMOVSS, top)
	v.done()

	v.kernel("softmaxRows", "func(n, rows int, x *float32, ld int, scale float32, sums, largest *float32)",
		"is softmax of rows >= 1 rows, ld apart.")
	n, x = v.int("n"), v.int("x")
	rows, ld, sums, largest := v.int("rows"), v.int("ld"), v.int("sums"), v.int("largest")
	v.SHLQ(operand.Imm(2), ld)
	v.expConstants()
	scale := v.scalar("scale")
	next := v.label("row")
	v.Label(next)
	sum, top = v.softmaxRow(n, x, scale)
	v.VMOVSS(sum.AsX(), at(sums, 0))
	v.VMOVSS(top.AsX(), at(largest, 0))
	v.ADDQ(ld, x)
	for _, p := range []reg.GPVirtual{sums, largest} {
		v.ADDQ(operand.Imm(4), p)
	}
	v.DECQ(rows)
	v.JNZ(operand.LabelRef(next))
	v.done()
}

// softmaxRow emits the work on one row, n and x staying as they are.
func (v *isa) softmaxRow(n, x reg.GPVirtual, scale reg.VecVirtual) (sum, top reg.VecVirtual) {
	walk := func() (reg.GPVirtual, reg.GPVirtual) {
		left, p := v.GP64(), v.GP64()
		v.MOVQ(n, left)
		v.MOVQ(x, p)
		return left, p
	}
	left, p := walk()
	top = v.largest(left, p)
	m := v.vec()
	v.VBROADCASTSS(top.AsX(), m)
	left, p = walk()
	sum = v.exponentials(left, p, m)
	factor, all := v.XMM(), v.vec()
	v.VDIVPS(sum.AsX(), scale.AsX(), factor)
	v.VBROADCASTSS(factor, all)
	left, p = walk()
	v.each(left, []reg.GPVirtual{p}, func(part *part) {
		y := v.fetch(at(p, 0), part)
		v.VMULPS(all, y, y)
		v.store(y, at(p, 0), part)
	})
	return sum, top
}

// dot emits the dot product. It runs in four times sixteen lanes, because one
// addition must end before the next to the same lane begins.
func (v *isa) dot() {
	const sets = 4
	v.kernel("dot", "func(n int, x, y *float32) float32",
		"returns Σ x·y, fused: element i in lane i%64 as far as n/64·64, then in lane i%16;",
		"lane i is joined by i+16, i+48 by i+32, then both; see dotPortable.")
	n, x, y := v.int("n"), v.int("x"), v.int("y")
	var lanes [sets][]reg.VecVirtual
	for q := range lanes {
		lanes[q] = v.zeroLanes()
	}
	add := func(q, i, disp int, p *part) {
		v.VFMADD231PS(v.fetch(at(y, disp), p), v.fetch(at(x, disp), p), lanes[q][i])
	}
	next, rest := v.label("next"), v.label("rest")
	v.CMPQ(n, operand.Imm(16*sets))
	v.JLT(operand.LabelRef(rest))
	v.Label(next)
	for q := range lanes {
		for i := range lanes[q] {
			add(q, i, 64*q+4*v.width*i, nil)
		}
	}
	v.ADDQ(operand.U32(64*sets), x)
	v.ADDQ(operand.U32(64*sets), y)
	v.SUBQ(operand.Imm(16*sets), n)
	v.CMPQ(n, operand.Imm(16*sets))
	v.JGE(operand.LabelRef(next))
	v.Label(rest)
	v.sixteen(n, []reg.GPVirtual{x, y}, v.width, func(i, disp int, p *part) { add(0, i, disp, p) })
	for _, pair := range [][2]int{{0, 1}, {2, 3}, {0, 2}} {
		for i := range lanes[0] {
			v.VADDPS(lanes[pair[1]][i], lanes[pair[0]][i], lanes[pair[0]][i])
		}
	}
	v.result(0, v.VMOVSS, v.fold(lanes[0], v.VADDPS))
	v.done()
}

func (v *isa) sumSquares() {
	v.kernel("sumSquares", "func(n int, x *float32) float64", "returns the sum of squares, in sixteen lanes of float64; see sumSquaresPortable.")
	n, x := v.int("n"), v.int("x")
	size := v.width / 2 // float64 values in a register
	lanes := make([]reg.VecVirtual, 16/size)
	for i := range lanes {
		lanes[i] = v.zero()
	}
	v.sixteen(n, []reg.GPVirtual{x}, size, func(i, disp int, p *part) {
		y := v.widened(at(x, disp), p)
		v.VFMADD231PD(y, y, lanes[i])
	})
	half := len(lanes) / 2
	for i := range half {
		v.VADDPD(lanes[i+half], lanes[i], lanes[i])
	}
	v.result(0, v.VMOVSD, v.fold64(lanes[:half]))
	v.done()
}
