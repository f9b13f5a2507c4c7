package main

import (
	"fmt"
	"math"
	"slices"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// isa emits instructions of one vector instruction set.
type isa struct {
	*build.Context
	table  *table
	suffix string // of the kernels' names
	width  int    // floats in a register
	tall   int    // rows of the tallest product tile

	labels int // made in this kernel
	held   map[float32]reg.VecVirtual
}

// kernel begins a function. The documentation's lines follow its name.
func (v *isa) kernel(name, signature string, doc ...string) {
	v.labels, v.held = 0, map[float32]reg.VecVirtual{}
	v.Function(name + v.suffix)
	v.Attributes(attr.NOSPLIT)
	v.SignatureExpr(signature)
	v.Pragma("noescape")
	doc[0] = name + v.suffix + " " + doc[0]
	v.Doc(doc...)
}

// done ends the function.
func (v *isa) done() {
	v.VZEROUPPER()
	v.RET()
}

// label returns a name that is new in this function.
func (v *isa) label(name string) string {
	v.labels++
	return fmt.Sprintf("%s%d", name, v.labels)
}

// vec returns a new register of the set's width.
func (v *isa) vec() reg.VecVirtual {
	if v.width == 16 {
		return v.ZMM()
	}
	return v.YMM()
}

// zero returns a register of zeros.
func (v *isa) zero() reg.VecVirtual {
	r := v.vec()
	v.clear(r)
	return r
}

func (v *isa) clear(r reg.VecVirtual) { v.VXORPS(r, r, r) }

// int returns the parameter in a register.
func (v *isa) int(param string) reg.GPVirtual {
	return v.Load(v.Param(param), v.GP64()).(reg.GPVirtual)
}

// scalar returns the float32 parameter in all lanes, double a float64 one.
func (v *isa) scalar(param string) reg.VecVirtual { return v.broadcast(param, v.VBROADCASTSS) }
func (v *isa) double(param string) reg.VecVirtual { return v.broadcast(param, v.VBROADCASTSD) }

func (v *isa) broadcast(param string, op func(...operand.Op)) reg.VecVirtual {
	b, err := v.Param(param).Resolve()
	if err != nil {
		panic(err)
	}
	r := v.vec()
	op(b.Addr, r)
	return r
}

// at is the memory disp bytes behind p.
func at(p reg.Register, disp int) operand.Mem { return operand.Mem{Base: p, Disp: disp} }

// part is the first lanes of a register, those of a vector's tail: a mask
// register in AVX-512, a vector of ones and zeros in AVX2. A nil part is the
// whole register.
type part struct {
	k reg.Register
	y reg.VecVirtual
}

// parts returns the parts of count registers of lanes floats each that together
// hold the first n values; n is at most 32 in AVX-512 and 16 in AVX2.
func (v *isa) parts(n reg.GPVirtual, count, lanes int) []*part {
	ps := make([]*part, count)
	if v.width == 16 {
		m := v.GP32()
		v.MOVL(operand.U32(math.MaxUint32), m)
		v.BZHIL(n.As32(), m, m)
		for i := range ps {
			if i > 0 {
				v.SHRL(operand.Imm(uint64(lanes)), m)
			}
			k := v.K()
			v.KMOVW(m, k)
			ps[i] = &part{k: k}
		}
		return ps
	}
	zeros, base := v.GP64(), v.GP64()
	v.MOVQ(operand.U32(16), zeros)
	v.SUBQ(n, zeros)
	v.LEAQ(v.table.at(0), base)
	v.LEAQ(operand.Mem{Base: base, Index: zeros, Scale: 4}, base)
	for i := range ps {
		y := v.YMM()
		if lanes == 4 {
			v.VMOVUPS(at(base, 4*lanes*i), y.AsX())
		} else {
			v.VMOVUPS(at(base, 4*lanes*i), y)
		}
		ps[i] = &part{y: y}
	}
	return ps
}

// load fills dst from memory; lanes outside p become zero and their memory is
// not touched.
func (v *isa) load(m operand.Mem, p *part, dst reg.Register) {
	switch {
	case p == nil:
		v.VMOVUPS(m, dst)
	case v.width == 16:
		v.VMOVUPS_Z(m, p.k, dst)
	case dst.Size() == 16:
		v.VMASKMOVPS(m, p.y.AsX(), dst)
	default:
		v.VMASKMOVPS(m, p.y, dst)
	}
}

// fetch is load into a new register.
func (v *isa) fetch(m operand.Mem, p *part) reg.VecVirtual {
	r := v.vec()
	v.load(m, p, r)
	return r
}

// store writes the lanes of r in p to memory.
func (v *isa) store(r reg.VecVirtual, m operand.Mem, p *part) {
	switch {
	case p == nil:
		v.VMOVUPS(r, m)
	case v.width == 16:
		v.VMOVUPS(r, p.k, m)
	default:
		v.VMASKMOVPS(r, p.y, m)
	}
}

// each runs body over n floats a register at a time, the pointers moving along,
// and once more for the part that is left.
func (v *isa) each(n reg.GPVirtual, pointers []reg.GPVirtual, body func(p *part)) {
	next, tail, end := v.label("next"), v.label("tail"), v.label("end")
	v.CMPQ(n, operand.Imm(uint64(v.width)))
	v.JLT(operand.LabelRef(tail))
	v.Label(next)
	body(nil)
	for _, p := range pointers {
		v.ADDQ(operand.Imm(uint64(4*v.width)), p)
	}
	v.SUBQ(operand.Imm(uint64(v.width)), n)
	v.CMPQ(n, operand.Imm(uint64(v.width)))
	v.JGE(operand.LabelRef(next))
	v.Label(tail)
	v.TESTQ(n, n)
	v.JZ(operand.LabelRef(end))
	body(v.parts(n, 1, v.width)[0])
	v.Label(end)
}

// hold loads constants into registers. Kernels call it before their loop.
func (v *isa) hold(xs ...float32) {
	for _, x := range xs {
		if v.held[x] == nil {
			r := v.vec()
			v.VMOVUPS(v.table.float(x), r)
			v.held[x] = r
		}
	}
}

// near makes constants fit to be used as operands: AVX-512 holds them, AVX2,
// which has too few registers for a polynomial, takes them from memory.
func (v *isa) near(xs ...float32) {
	if v.width == 16 {
		v.hold(xs...)
	}
}

// kept returns the register that holds x in all lanes.
func (v *isa) kept(x float32) reg.VecVirtual {
	r := v.held[x]
	if r == nil {
		panic(fmt.Sprintf("gen: %v is not held", x))
	}
	return r
}

// constant returns x in all lanes as an operand that may be memory.
func (v *isa) constant(x float32) operand.Op {
	if r := v.held[x]; r != nil {
		return r
	}
	return v.table.float(x)
}

// table is the read-only data: sixteen words of ones and sixteen of zeros, from
// which AVX2 takes its masks, then each constant over and over in 64 bytes: pairs
// of words, both the bits of a float32, or the low and the high half of a float64's.
type table struct{ constants [][2]uint32 }

const symbol = "constants"

func (t *table) at(offset int) operand.Mem {
	return operand.NewDataAddr(operand.NewStaticSymbol(symbol), offset)
}

func (t *table) float(x float32) operand.Mem {
	return t.find([2]uint32{math.Float32bits(x), math.Float32bits(x)})
}

func (t *table) double(x float64) operand.Mem {
	b := math.Float64bits(x)
	return t.find([2]uint32{uint32(b), uint32(b >> 32)})
}

func (t *table) find(c [2]uint32) operand.Mem {
	i := slices.Index(t.constants, c)
	if i < 0 {
		i = len(t.constants)
		t.constants = append(t.constants, c)
	}
	return t.at(128 + 64*i)
}

func (t *table) emit(c *build.Context) {
	c.StaticGlobal(symbol)
	c.DataAttributes(attr.RODATA | attr.NOPTR)
	for range 16 {
		c.AppendDatum(operand.U32(math.MaxUint32))
	}
	for range 16 {
		c.AppendDatum(operand.U32(0))
	}
	for _, words := range t.constants {
		for range 8 {
			c.AppendDatum(operand.U32(words[0]))
			c.AppendDatum(operand.U32(words[1]))
		}
	}
}
