package kernel

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// FuzzMul holds products of any shape, split and alignment against their
// definition.
func FuzzMul(f *testing.F) {
	f.Add(uint64(1), 1, 3, 33, 65, 4, false)
	f.Add(uint64(2), 9, 2, 5, 17, 1, true)
	f.Fuzz(func(t *testing.T, seed uint64, groups, count, k, n, gap int, acc bool) {
		rows := Rows{Groups: 1 + abs(groups)%6, Count: 1 + abs(count)%20}
		rows.Stride = rows.Count + abs(gap)%8
		k, n = abs(k)%70, 1+abs(n)%100
		for _, s := range Available() {
			r := rand.New(rand.NewPCG(seed, 1))
			a := newMatrix(r, rows.last()+1, k, k+r.IntN(4), r.IntN(16))
			w := newMatrix(r, k, n, n+r.IntN(4), r.IntN(16))
			c := newMatrix(r, rows.last()+1, n, n+r.IntN(4), r.IntN(16))
			p := s.NewPacked(k, n)
			p.Pack(w.x, w.ld, 0, p.Panels())
			want := c.clone()
			product(s.arithmetic(), rows.list(), k, 0, n, func(i, q int) float32 { return a.row(i)[q] }, func(q, j int) float32 { return w.row(q)[j] }, want, acc)
			cut := r.IntN(p.Panels() + 1)
			s.Mul(rows, a.x, a.ld, p, 0, cut, c.x, c.ld, acc)
			s.Mul(rows, a.x, a.ld, p, cut, p.Panels(), c.x, c.ld, acc)
			sameBits(t, fmt.Sprintf("%s %+v · [%d, %d] acc %v", s.Name(), rows, k, n, acc), c.all, want.all)
		}
	})
}

func abs(x int) int { return max(x, -x, 0) }

// FuzzElementwise holds every operation on any bits against its definition.
func FuzzElementwise(f *testing.F) {
	f.Add(uint64(1), uint16(17), uint8(0))
	f.Add(uint64(2), uint16(100), uint8(12))
	f.Fuzz(func(t *testing.T, seed uint64, n uint16, which uint8) {
		o := operations[int(which)%len(operations)]
		for _, s := range Available() {
			r := rand.New(rand.NewPCG(seed, 2))
			fill := fills[r.IntN(len(fills))]
			bs := o.buffers(r, int(n)%600, fill.draw)
			want := values(bs)
			o.want(s.arithmetic(), int(n)%600, want)
			o.run(s, contents(bs))
			for i, b := range bs {
				what := fmt.Sprintf("%s %s of %d %s: buffer %d", s.Name(), o.name, int(n)%600, fill.name, i)
				sameValues(t, what, b.x, want[i])
				b.check(t, what)
			}
		}
	})
}
