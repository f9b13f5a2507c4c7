package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// gates is where the four blocks of a row of z are: a pointer and the bytes
// from one block to the next.
type gates struct{ z, block, block3 reg.GPVirtual }

func (v *isa) gates() gates {
	g := gates{z: v.int("z"), block: v.int("block"), block3: v.GP64()}
	v.SHLQ(operand.Imm(2), g.block)
	v.LEAQ(operand.Mem{Base: g.block, Index: g.block, Scale: 2}, g.block3)
	return g
}

func (g gates) at(i int) operand.Mem {
	m := at(g.z, 0)
	switch i {
	case 1:
		m.Index, m.Scale = g.block, 1
	case 2:
		m.Index, m.Scale = g.block, 2
	case 3:
		m.Index, m.Scale = g.block3, 1
	}
	return m
}

func (v *isa) cells() {
	v.lstm()
	v.lstmBack()
	v.gru()
	v.gruBack()
}

func (v *isa) lstm() {
	v.kernel("lstm", "func(n int, z *float32, block int, c0, c, tc, h *float32)",
		"is lstmPortable for n units, the gates block floats apart, with c = fma(f, c0, i·g).")
	n, g := v.int("n"), v.gates()
	c0, c, tc, h := v.int("c0"), v.int("c"), v.int("tc"), v.int("h")
	v.sigmoidConstants()
	v.each(n, []reg.GPVirtual{g.z, c0, c, tc, h}, func(p *part) {
		input := v.sigmoid(v.fetch(g.at(0), p))
		v.store(input, g.at(0), p)
		forget := v.sigmoid(v.fetch(g.at(1), p))
		v.store(forget, g.at(1), p)
		cell := v.tanh(v.fetch(g.at(2), p))
		v.store(cell, g.at(2), p)
		v.VMULPS(cell, input, cell)
		v.VFMADD231PS(v.fetch(at(c0, 0), p), forget, cell)
		v.store(cell, at(c, 0), p)
		t := v.tanh(cell)
		v.store(t, at(tc, 0), p)
		output := v.sigmoid(v.fetch(g.at(3), p))
		v.store(output, g.at(3), p)
		v.VMULPS(t, output, output)
		v.store(output, at(h, 0), p)
	})
	v.done()
}

func (v *isa) lstmBack() {
	v.kernel("lstmBack", "func(n int, z *float32, block int, c0, tc, dh, dc *float32)",
		"is lstmBackPortable for n units, the gates block floats apart, with",
		"d = fma(fma(-tc, tc, 1), dh·o, dc) and fma(-g, g, 1).")
	n, z := v.int("n"), v.gates()
	c0, tc, dh, dc := v.int("c0"), v.int("tc"), v.int("dh"), v.int("dc")
	v.hold(1)
	v.each(n, []reg.GPVirtual{z.z, c0, tc, dh, dc}, func(p *part) {
		// slope is x(1-x), the sigmoid's; the result replaces by.
		slope := func(x, by reg.VecVirtual) {
			s := v.oneLess(x)
			v.VMULPS(s, x, s)
			v.VMULPS(s, by, by)
		}
		o, t, h := v.fetch(z.at(3), p), v.fetch(at(tc, 0), p), v.fetch(at(dh, 0), p)
		d, ho := v.fetch(at(dc, 0), p), v.vec()
		v.VMULPS(o, h, ho)
		v.VFMADD231PS(v.oneLessSquare(t), ho, d)
		v.VMULPS(t, h, h)
		slope(o, h)
		v.store(h, z.at(3), p)

		i, g := v.fetch(z.at(0), p), v.fetch(z.at(2), p)
		dg, di := v.vec(), v.vec()
		v.VMULPS(g, d, di)
		slope(i, di)
		v.store(di, z.at(0), p)
		v.VMULPS(i, d, dg)
		v.VMULPS(v.oneLessSquare(g), dg, dg)
		v.store(dg, z.at(2), p)

		f, before := v.fetch(z.at(1), p), v.fetch(at(c0, 0), p)
		v.VMULPS(before, d, before)
		slope(f, before)
		v.store(before, z.at(1), p)
		v.VMULPS(f, d, d)
		v.store(d, at(dc, 0), p)
	})
	v.done()
}

func (v *isa) gru() {
	v.kernel("gru", "func(n int, z *float32, block int, h0, h *float32)",
		"is gruPortable for n units, the gates block floats apart, with",
		"n = tanh(fma(r, nh, nx)) and h = fma(z, h0-n, n).")
	n, z := v.int("n"), v.gates()
	h0, h := v.int("h0"), v.int("h")
	v.sigmoidConstants()
	v.each(n, []reg.GPVirtual{z.z, h0, h}, func(p *part) {
		r := v.sigmoid(v.fetch(z.at(0), p))
		v.store(r, z.at(0), p)
		nx := v.fetch(z.at(2), p)
		v.VFMADD231PS(v.fetch(z.at(3), p), r, nx)
		fresh := v.tanh(nx)
		v.store(fresh, z.at(2), p)
		u := v.sigmoid(v.fetch(z.at(1), p))
		v.store(u, z.at(1), p)
		state := v.fetch(at(h0, 0), p)
		v.VSUBPS(fresh, state, state)
		v.VFMADD213PS(fresh, u, state)
		v.store(state, at(h, 0), p)
	})
	v.done()
}

func (v *isa) gruBack() {
	v.kernel("gruBack", "func(n int, z *float32, block int, h0, dh, dh0 *float32)",
		"is gruBackPortable for n units, the gates block floats apart, with",
		"dh0 = fma(dh, z, dh0) and fma(-n, n, 1).")
	n, z := v.int("n"), v.gates()
	h0, dh, dh0 := v.int("h0"), v.int("dh"), v.int("dh0")
	v.hold(1)
	v.each(n, []reg.GPVirtual{z.z, h0, dh, dh0}, func(p *part) {
		u, d, fresh := v.fetch(z.at(1), p), v.fetch(at(dh, 0), p), v.fetch(z.at(2), p)
		carried := v.fetch(at(dh0, 0), p)
		v.VFMADD231PS(u, d, carried)
		v.store(carried, at(dh0, 0), p)

		rest := v.oneLess(u) // 1-z
		dn := v.vec()
		v.VMULPS(rest, d, dn)
		v.VMULPS(v.oneLessSquare(fresh), dn, dn)
		v.store(dn, z.at(2), p)

		state := v.fetch(at(h0, 0), p)
		v.VSUBPS(fresh, state, state)
		v.VMULPS(state, d, state)
		v.VMULPS(rest, u, rest)
		v.VMULPS(rest, state, state)
		v.store(state, z.at(1), p)

		r, nh := v.fetch(z.at(0), p), v.fetch(z.at(3), p)
		v.VMULPS(dn, nh, nh)
		slope := v.oneLess(r)
		v.VMULPS(r, slope, slope)
		v.VMULPS(slope, nh, nh)
		v.store(nh, z.at(0), p)
		v.VMULPS(r, dn, dn)
		v.store(dn, z.at(3), p)
	})
	v.done()
}
