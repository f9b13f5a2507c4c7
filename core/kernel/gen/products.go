package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// shape is the shape of a product kernel's tile: rows of a times panels of B,
// each panel two registers wide, or one when only its first half has columns.
// All of its elements are in registers, one chain of fused multiply-adds each.
//
// A tile should keep at least eight chains running, the latency of an addition
// times the two units: so few rows take several panels at once.
type shape struct {
	rows, panels, regs int
	transposed         bool // a holds the rows' values for one k side by side
}

func (s shape) name() string {
	switch {
	case s.transposed && s.regs == 1:
		return fmt.Sprintf("mulTNHalf%d", s.rows)
	case s.transposed:
		return fmt.Sprintf("mulTN%d", s.rows)
	case s.regs == 1:
		return fmt.Sprintf("mulHalf%d", s.rows)
	case s.panels > 1:
		return fmt.Sprintf("mul%dx%d", s.rows, s.panels)
	}
	return fmt.Sprintf("mul%d", s.rows)
}

func (v *isa) products() {
	for _, transposed := range []bool{false, true} {
		for _, regs := range []int{2, 1} {
			for rows := 1; rows <= v.tall; rows++ {
				v.tile(shape{rows: rows, panels: 1, regs: regs, transposed: transposed})
			}
		}
	}
	few := []shape{{rows: 1, panels: 4}, {rows: 1, panels: 2}, {rows: 2, panels: 2}, {rows: 3, panels: 2}}
	if v.width == 16 {
		few = append(few, shape{rows: 4, panels: 2}) // AVX2 has no registers for sixteen chains
	}
	for _, s := range few {
		s.regs = 2
		v.tile(s)
	}
	v.peak()
}

// tile emits one product kernel.
func (v *isa) tile(s shape) {
	v.kernel(s.name(), "func(k, steps int, a *float32, lda, aStep int, b *float32, panel int, from *float32, ldFrom, fromStep int, c *float32, ldc, cStep, cols int, next *float32, nextStep int)", v.meaning(s)...)
	t := &tile{isa: v, shape: s}
	lda := v.int("lda")
	v.SHLQ(operand.Imm(2), lda)
	t.lda, t.from, t.c, t.steps, t.next = lda, v.int("from"), v.int("c"), v.int("steps"), v.int("next")
	t.rowPointers()
	t.panelPointers()

	step := v.label("step")
	v.Label(step)
	t.begin()
	t.chain()
	t.finish()
	t.advance()
	v.DECQ(t.steps)
	v.JNZ(operand.LabelRef(step))
	v.done()
}

// meaning is a kernel's documentation: the loop it equals.
func (v *isa) meaning(s shape) []string {
	a := "a[s*aStep+i*lda+q]"
	if s.transposed {
		a = "a[s*aStep+q*lda+i]"
	}
	panel, b, c, from := "", fmt.Sprintf("b[q*%d+j]", 2*v.width), "c[s*cStep+i*ldc+j]", "from[s*fromStep+i*ldFrom+j]"
	what := "one panel"
	if s.panels > 1 {
		what = fmt.Sprintf("%d panels, cols counted in the last", s.panels)
		panel = fmt.Sprintf(" for p := range %d", s.panels)
		b, c = fmt.Sprintf("b[p*panel+q*%d+j]", 2*v.width), fmt.Sprintf("c[s*cStep+i*ldc+p*%d+j]", 2*v.width)
		from = fmt.Sprintf("from[s*fromStep+i*ldFrom+p*%d+j]", 2*v.width)
	}
	if s.transposed {
		what, b = fmt.Sprintf("%d columns", 2*v.width), "b[q*panel+j]"
	}
	if s.regs == 1 {
		what = fmt.Sprintf("a panel of at most %d columns", v.width)
	}
	rows := fmt.Sprintf("%d rows", s.rows)
	if s.rows == 1 {
		rows = "one row"
	}
	asks := []string{
		"and asks for four cache lines at next for every four places of k, moving it on",
		"by nextStep each time.",
	}
	if s.transposed {
		asks = []string{"and asks for the cache line at next for every place of k, moving it on by nextStep."}
	}
	return append([]string{
		fmt.Sprintf("multiplies %s by %s, steps times:", rows, what),
		"",
		fmt.Sprintf("\tfor s, i := range steps x %d%s, j := range cols {", s.rows, panel),
		"\t\tx := " + from + ", or 0 without from",
		fmt.Sprintf("\t\tfor q := range k { x = fma(%s, %s, x) }", a, b),
		"\t\t" + c + " = x",
		"\t}",
		"",
	}, asks...)
}

// tile is the state of the kernel being emitted. Strides are in bytes.
type tile struct {
	*isa
	shape
	a             []reg.GPVirtual // every third row, or the one row of a transposed a
	b             reg.GPVirtual
	lda, c, steps reg.GPVirtual
	from, next    reg.GPVirtual // next moves along, 0 if nothing is to be asked for
	ahead, left   reg.GPVirtual // the next step's rows of c, and how many of them are to be asked for
	panel, panel3 reg.GPVirtual // one panel and three, if there are several; from row to row of B if a is transposed
	k             reg.GPVirtual
	acc           [][]reg.VecVirtual // by row, then panel and register
}

func (t *tile) rowPointers() {
	t.a = []reg.GPVirtual{t.int("a")}
	for i := 3; i < t.rows && !t.transposed; i += 3 {
		p := t.GP64()
		t.LEAQ(operand.Mem{Base: t.a[len(t.a)-1], Index: t.lda, Scale: 2}, p)
		t.ADDQ(t.lda, p)
		t.a = append(t.a, p)
	}
}

func (t *tile) panelPointers() {
	if t.panels == 1 && !t.transposed {
		return
	}
	t.panel = t.int("panel")
	t.SHLQ(operand.Imm(2), t.panel)
	if t.panels == 4 {
		t.panel3 = t.GP64()
		t.LEAQ(operand.Mem{Base: t.panel, Index: t.panel, Scale: 2}, t.panel3)
	}
}

// rowAt is a's value for row i, u places of k ahead.
func (t *tile) rowAt(i, u int) operand.Mem {
	if t.transposed {
		return at(t.a[0], 4*i)
	}
	m := at(t.a[i/3], 4*u)
	if i%3 > 0 {
		m.Index, m.Scale = t.lda, uint8(i%3)
	}
	return m
}

// columns is register r of the panels of B, u places of k ahead.
func (t *tile) columns(r, u int) operand.Mem {
	if t.transposed {
		return at(t.b, 4*t.width*r)
	}
	m := at(t.b, 4*t.width*(2*u+r%t.regs))
	switch r / t.regs {
	case 1:
		m.Index, m.Scale = t.panel, 1
	case 2:
		m.Index, m.Scale = t.panel, 2
	case 3:
		m.Index, m.Scale = t.panel3, 1
	}
	return m
}

// elements calls f for every register of the tile with its place in the matrix at
// base whose rows are ld apart; the registers of the last panel are edge 0 and 1, others -1.
func (t *tile) elements(base reg.GPVirtual, ld string, f func(r reg.VecVirtual, m operand.Mem, edge int)) {
	stride := t.int(ld)
	row := t.GP64()
	t.MOVQ(base, row)
	for i, regs := range t.acc {
		for r, x := range regs {
			edge := r - (t.panels-1)*t.regs
			f(x, at(row, 4*t.width*r), max(edge, -1))
		}
		if i < t.rows-1 {
			t.LEAQ(operand.Mem{Base: row, Index: stride, Scale: 4}, row)
		}
	}
}

// eachElement is elements twice over: for columns that fill the last panel's
// registers, and with masks for fewer.
func (t *tile) eachElement(base reg.GPVirtual, ld string, f func(r reg.VecVirtual, m operand.Mem, p *part)) {
	partial, end := t.label("partial"), t.label("end")
	cols := t.int("cols")
	t.CMPQ(cols, operand.Imm(uint64(t.regs*t.width)))
	t.JNE(operand.LabelRef(partial))
	t.elements(base, ld, func(r reg.VecVirtual, m operand.Mem, _ int) { f(r, m, nil) })
	t.JMP(operand.LabelRef(end))
	t.Label(partial)
	parts := t.parts(cols, t.regs, t.width)
	t.elements(base, ld, func(r reg.VecVirtual, m operand.Mem, edge int) {
		if edge < 0 {
			f(r, m, nil)
		} else {
			f(r, m, parts[edge])
		}
	})
	t.Label(end)
}

// begin sets the chains' first values.
func (t *tile) begin() {
	t.acc = make([][]reg.VecVirtual, t.rows)
	for i := range t.acc {
		for range t.panels * t.regs {
			t.acc[i] = append(t.acc[i], t.vec())
		}
	}
	load, begun := t.label("load"), t.label("begun")
	t.TESTQ(t.from, t.from)
	t.JNZ(operand.LabelRef(load))
	for _, row := range t.acc {
		for _, r := range row {
			t.clear(r)
		}
	}
	t.JMP(operand.LabelRef(begun))
	t.Label(load)
	t.eachElement(t.from, "ldFrom", func(r reg.VecVirtual, m operand.Mem, p *part) { t.load(m, p, r) })
	t.Label(begun)
}

// chain emits the loop over k, four places at a time.
func (t *tile) chain() {
	const unroll = 4
	four, tail, one, end := t.label("four"), t.label("tail"), t.label("one"), t.label("end")
	t.b, t.k = t.int("b"), t.int("k")
	t.ahead, t.left = t.int("cStep"), t.GP64()
	t.LEAQ(operand.Mem{Base: t.c, Index: t.ahead, Scale: 4}, t.ahead)
	t.MOVQ(operand.U32(uint32(t.rows)), t.left)
	t.SUBQ(operand.Imm(unroll), t.k)
	t.JLT(operand.LabelRef(tail))
	t.Label(four)
	for u := range unroll {
		t.multiply(u)
	}
	t.forward(unroll)
	t.prefetch()
	t.SUBQ(operand.Imm(unroll), t.k)
	t.JGE(operand.LabelRef(four))
	t.Label(tail)
	t.ADDQ(operand.Imm(unroll), t.k)
	t.JZ(operand.LabelRef(end))
	t.Label(one)
	t.multiply(0)
	t.forward(1)
	t.DECQ(t.k)
	t.JNZ(operand.LabelRef(one))
	t.Label(end)
}

// prefetch asks for what comes next, for four places of k: lines at next, to lie
// in the second-level cache, and a row of the tile of c that the next step writes.
func (t *tile) prefetch() {
	const line = 64
	none, enough := t.label("none"), t.label("enough")
	t.TESTQ(t.next, t.next)
	t.JZ(operand.LabelRef(none))
	step := t.int("nextStep")
	if t.transposed { // a line each nextStep
		for range 2 {
			t.PREFETCHT1(at(t.next, 0))
			t.PREFETCHT1(operand.Mem{Base: t.next, Index: step, Scale: 4})
			t.LEAQ(operand.Mem{Base: t.next, Index: step, Scale: 8}, t.next)
		}
	} else {
		for i := range 4 {
			t.PREFETCHT1(at(t.next, line*i))
		}
		t.LEAQ(operand.Mem{Base: t.next, Index: step, Scale: 4}, t.next)
	}
	t.Label(none)
	t.DECQ(t.left)
	t.JLT(operand.LabelRef(enough))
	for i := 0; i < t.regs*t.width*4; i += line {
		t.PREFETCHT0(at(t.ahead, i))
	}
	t.LEAQ(operand.Mem{Base: t.ahead, Index: t.int("ldc"), Scale: 4}, t.ahead)
	t.Label(enough)
}

// multiply emits one link of every chain.
func (t *tile) multiply(u int) {
	if t.rows <= 3 || t.panels > 1 {
		var a []reg.VecVirtual
		for i := range t.rows {
			a = append(a, t.vec())
			t.VBROADCASTSS(t.rowAt(i, u), a[i])
		}
		for r := range t.panels * t.regs {
			var b operand.Op = t.columns(r, u)
			if t.rows > 1 {
				b = t.fetch(t.columns(r, u), nil)
			}
			for i := range a {
				t.VFMADD231PS(b, a[i], t.acc[i][r])
			}
		}
	} else {
		var b []reg.VecVirtual
		for r := range t.regs {
			b = append(b, t.fetch(t.columns(r, u), nil))
		}
		for i := range t.rows {
			a := t.vec()
			t.VBROADCASTSS(t.rowAt(i, u), a)
			for r := range b {
				t.VFMADD231PS(b[r], a, t.acc[i][r])
			}
		}
	}
	if t.transposed {
		t.ADDQ(t.lda, t.a[0])
		t.ADDQ(t.panel, t.b)
	}
}

// forward moves the pointers n places of k.
func (t *tile) forward(n int) {
	if !t.transposed {
		t.ADDQ(operand.U32(uint32(8*t.width*n)), t.b)
		for _, p := range t.a {
			t.ADDQ(operand.Imm(uint64(4*n)), p)
		}
	}
}

// finish writes the tile to c.
func (t *tile) finish() {
	t.eachElement(t.c, "ldc", func(r reg.VecVirtual, m operand.Mem, p *part) { t.store(r, m, p) })
}

// advance moves a and c to the next step's rows.
func (t *tile) advance() {
	back := t.int("k")
	if t.transposed {
		t.IMULQ(t.lda, back)
	} else {
		t.SHLQ(operand.Imm(2), back)
	}
	move := t.int("aStep")
	t.SHLQ(operand.Imm(2), move)
	t.SUBQ(back, move)
	for _, p := range t.a {
		t.ADDQ(move, p)
	}
	for _, m := range []struct {
		at   reg.GPVirtual
		step string
	}{{t.c, "cStep"}, {t.from, "fromStep"}} {
		step := t.int(m.step)
		t.LEAQ(operand.Mem{Base: m.at, Index: step, Scale: 4}, m.at)
	}
}

// peak emits the loop that measures what the multipliers can do: twelve chains
// that touch no memory.
func (v *isa) peak() {
	const chains = 12
	v.kernel("peak", "func(n int)",
		fmt.Sprintf("makes n rounds of %d independent fused multiply-adds of %d floats.", chains, v.width))
	n := v.int("n")
	x := v.zero()
	var sums []reg.VecVirtual
	for range chains {
		sums = append(sums, v.zero())
	}
	next := v.label("next")
	v.Label(next)
	for _, s := range sums {
		v.VFMADD231PS(x, x, s)
	}
	v.DECQ(n)
	v.JNZ(operand.LabelRef(next))
	v.done()
}
