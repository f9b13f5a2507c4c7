package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func (v *isa) packs() {
	v.copyRows("copyPanel", 2, false)
	v.copyRows("copyStrip", 1, false)
	v.copyRows("copyStripSum", 1, true)
	v.transpose()
}

// copyRows emits the kernel that lays rows side by side for the product
// kernels, zeros where they end. With summed it adds them up at the same time.
func (v *isa) copyRows(name string, regs int, summed bool) {
	signature, doc := "func(k int, src *float32, ld int, dst *float32, step, n int", []string{
		"copies n floats of each of k rows and fills them up with zeros:",
		"",
		"\tfor q := range k {",
		fmt.Sprintf("\t\tcopy(dst[q*step:q*step+%d], src[q*ld:q*ld+n]), 0 …", regs*v.width),
		"\t}",
	}
	if summed {
		signature += ", sums *float32"
		doc = append(doc, "", "and adds each row to sums, one after the other.")
	}
	v.kernel(name, signature+")", doc...)
	k, src, ld, dst, step, n := v.int("k"), v.int("src"), v.int("ld"), v.int("dst"), v.int("step"), v.int("n")
	v.SHLQ(operand.Imm(2), ld)
	v.SHLQ(operand.Imm(2), step)
	partial, end := v.label("partial"), v.label("end")
	loop := func(parts []*part) {
		total := make([]reg.VecVirtual, regs)
		for r := range regs {
			if summed {
				total[r] = v.fetch(at(v.int("sums"), 4*v.width*r), parts[r])
			}
		}
		next := v.label("next")
		v.Label(next)
		var row []reg.VecVirtual
		for r := range regs {
			row = append(row, v.fetch(at(src, 4*v.width*r), parts[r]))
		}
		for r := range regs {
			v.store(row[r], at(dst, 4*v.width*r), nil)
			if summed {
				v.VADDPS(row[r], total[r], total[r])
			}
		}
		v.ADDQ(ld, src)
		v.ADDQ(step, dst)
		v.DECQ(k)
		v.JNZ(operand.LabelRef(next))
		for r := range regs {
			if summed {
				v.store(total[r], at(v.int("sums"), 4*v.width*r), parts[r])
			}
		}
	}
	v.TESTQ(k, k)
	v.JZ(operand.LabelRef(end))
	parts := v.parts(n, regs, v.width)
	if regs > 1 { // a strip is as wide as a tile is tall, less than its register
		v.CMPQ(n, operand.Imm(uint64(regs*v.width)))
		v.JNE(operand.LabelRef(partial))
		loop(make([]*part, regs))
		v.JMP(operand.LabelRef(end))
		v.Label(partial)
	}
	loop(parts)
	v.Label(end)
	v.done()
}

// transpose emits the kernel that turns rows into columns.
func (v *isa) transpose() {
	w := v.width
	v.kernel("transpose", "func(blocks int, src *float32, ld int, dst *float32, step int)",
		fmt.Sprintf("turns %d rows of src into columns of dst:", w),
		"",
		fmt.Sprintf("\tfor q := range %d * blocks, i := range %d {", w, w),
		"\t\tdst[q*step+i] = src[i*ld+q]",
		"\t}")
	blocks, src, ld, dst, step := v.int("blocks"), v.int("src"), v.int("ld"), v.int("dst"), v.int("step")
	v.SHLQ(operand.Imm(2), ld)
	v.SHLQ(operand.Imm(2), step)
	next := v.label("next")
	v.Label(next)
	row := v.GP64()
	v.MOVQ(src, row)
	rows := make([]reg.VecVirtual, w)
	for i := range rows {
		rows[i] = v.fetch(at(row, 0), nil)
		if i < w-1 {
			v.ADDQ(ld, row)
		}
	}
	for _, column := range v.columnsOf(rows) {
		v.store(column, at(dst, 0), nil)
		v.ADDQ(step, dst)
	}
	v.ADDQ(operand.Imm(uint64(4*w)), src)
	v.DECQ(blocks)
	v.JNZ(operand.LabelRef(next))
	v.done()
}

// columnsOf returns the columns of a square of rows. Pairs, then fours of rows
// are interleaved within each 128-bit lane; then the lanes are dealt out.
func (v *isa) columnsOf(rows []reg.VecVirtual) []reg.VecVirtual {
	two := func(op func(...operand.Op), hi, lo reg.VecVirtual) reg.VecVirtual {
		r := v.vec()
		op(hi, lo, r)
		return r
	}
	var pairs, fours []reg.VecVirtual
	for i := 0; i < len(rows); i += 2 {
		pairs = append(pairs, two(v.VUNPCKLPS, rows[i+1], rows[i]), two(v.VUNPCKHPS, rows[i+1], rows[i]))
	}
	for i := 0; i < len(rows); i += 4 {
		a, b, c, d := pairs[i], pairs[i+1], pairs[i+2], pairs[i+3]
		fours = append(fours, two(v.VUNPCKLPD, c, a), two(v.VUNPCKHPD, c, a), two(v.VUNPCKLPD, d, b), two(v.VUNPCKHPD, d, b))
	}
	// fours[4g+j] has, in lane l, rows 4g … 4g+3 of column 4l+j.
	columns := make([]reg.VecVirtual, len(rows))
	lanes := func(imm uint64, hi, lo reg.VecVirtual) reg.VecVirtual {
		r := v.vec()
		if v.width == 16 {
			v.VSHUFF32X4(operand.Imm(imm), hi, lo, r)
		} else {
			v.VPERM2F128(operand.Imm(imm), hi, lo, r)
		}
		return r
	}
	for j := range 4 {
		if v.width == 8 {
			columns[j] = lanes(0x20, fours[4+j], fours[j])
			columns[4+j] = lanes(0x31, fours[4+j], fours[j])
			continue
		}
		even0, even1 := lanes(0x88, fours[4+j], fours[j]), lanes(0x88, fours[12+j], fours[8+j])
		odd0, odd1 := lanes(0xdd, fours[4+j], fours[j]), lanes(0xdd, fours[12+j], fours[8+j])
		columns[j], columns[8+j] = lanes(0x88, even1, even0), lanes(0xdd, even1, even0)
		columns[4+j], columns[12+j] = lanes(0x88, odd1, odd0), lanes(0xdd, odd1, odd0)
	}
	return columns
}
