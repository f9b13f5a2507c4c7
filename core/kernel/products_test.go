package kernel

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// matrix is a guarded [rows, cols] with rows ld apart; what lies between the
// rows is guards too.
type matrix struct {
	*guarded
	rows, cols, ld int
}

func newMatrix(r *rand.Rand, rows, cols, ld, off int) *matrix {
	m := &matrix{newGuarded(max(0, (rows-1)*ld+cols), off), rows, cols, ld}
	for i := range rows {
		normal(r, m.row(i))
	}
	return m
}

func (m *matrix) row(i int) []float32 { return m.x[i*m.ld : i*m.ld+m.cols] }

// clone copies m, guards and all.
func (m *matrix) clone() *matrix {
	c := &matrix{&guarded{all: append([]float32(nil), m.all...), at: m.at}, m.rows, m.cols, m.ld}
	c.x = c.all[c.at : c.at+len(m.x) : c.at+len(m.x)]
	return c
}

// product sets rows of c from the definition: one chain an element, in the
// order of K, from c or from zero.
func product(fma arithmetic, rows []int, k, j0, j1 int, a, b func(i, j int) float32, c *matrix, acc bool) {
	for _, i := range rows {
		for j := j0; j < j1; j++ {
			x := c.row(i)[j]
			if !acc {
				x = 0
			}
			for q := range k {
				x = fma(a(i, q), b(q, j), x)
			}
			c.row(i)[j] = x
		}
	}
}

func (r Rows) list() []int {
	var all []int
	for g := range r.Groups {
		for i := range r.Count {
			all = append(all, g*r.Stride+i)
		}
	}
	return all
}

func TestMul(t *testing.T) {
	eachSet(t, func(t *testing.T, s *Set) {
		r := rand.New(rand.NewPCG(1, 2))
		check := func(rows Rows, k, n, j0, j1 int, acc, transposed bool) {
			t.Helper()
			what := fmt.Sprintf("%+v · [%d, %d] panels %d-%d acc %v transposed %v", rows, k, n, j0, j1, acc, transposed)
			off := r.IntN(16)
			a := newMatrix(r, rows.last()+1, k, k+r.IntN(3), off)
			c := newMatrix(r, rows.last()+1, n, n+r.IntN(3), 15-off)
			p := s.NewPacked(k, n)
			var at func(i, j int) float32
			if transposed {
				w := newMatrix(r, n, k, k+r.IntN(3), off)
				p.PackT(w.x, w.ld, 0, p.Panels())
				at = func(i, j int) float32 { return w.row(j)[i] }
			} else {
				w := newMatrix(r, k, n, n+r.IntN(3), off)
				p.Pack(w.x, w.ld, 0, p.Panels())
				at = func(i, j int) float32 { return w.row(i)[j] }
			}
			want := c.clone()
			product(s.arithmetic(), rows.list(), k, j0*s.nr, min(n, j1*s.nr), func(i, q int) float32 { return a.row(i)[q] }, at, want, acc)
			s.Mul(rows, a.x, a.ld, p, j0, j1, c.x, c.ld, acc)
			sameBits(t, what, c.all, want.all)
		}
		for _, m := range sizes {
			for _, k := range []int{0, 1, 3, 4, 5, 33} {
				n := sizes[r.IntN(len(sizes))]
				check(Consecutive(m), k, n, 0, (n+s.nr-1)/s.nr, r.IntN(2) == 0, r.IntN(2) == 0)
			}
		}
		for _, n := range sizes {
			for _, m := range []int{1, 2, 3, 4, 7} {
				check(Consecutive(m), 9, n, 0, (n+s.nr-1)/s.nr, m%2 == 0, m > 2)
			}
			last := (n + s.nr - 1) / s.nr
			check(Consecutive(2), 17, n, last/2, last, false, true)
		}
		for _, k := range sizes {
			check(Consecutive(6), k, 40, 0, (40+s.nr-1)/s.nr, true, true)
		}
		for _, count := range []int{1, 2, 3, 4, 5, 13, 14, 15, 17, 31} {
			for _, groups := range []int{1, 2, 3, 9} {
				for _, gap := range []int{0, 1, 6} {
					check(Rows{groups, count, count + gap}, 7, 33, 0, (33+s.nr-1)/s.nr, gap == 0, false)
				}
			}
		}
		// More than one block of K, more than one chunk of rows.
		check(Consecutive(5), 2100, 33, 0, (33+s.nr-1)/s.nr, true, true)
		check(Consecutive(300), 1030, 17, 0, (17+s.nr-1)/s.nr, false, false)
		check(Rows{30, 11, 12}, 1030, 17, 0, (17+s.nr-1)/s.nr, true, false)
	})
}

// TestPackedEndsInZeros holds what Packed says of columns past N.
func TestPackedEndsInZeros(t *testing.T) {
	eachSet(t, func(t *testing.T, s *Set) {
		r := rand.New(rand.NewPCG(1, 4))
		for _, n := range sizes {
			const k = 19
			for _, transposed := range []bool{false, true} {
				p := s.NewPacked(k, n)
				if transposed {
					p.PackT(newMatrix(r, n, k, k+1, 0).x, k+1, 0, p.Panels())
				} else {
					p.Pack(newMatrix(r, k, n, n+1, 0).x, n+1, 0, p.Panels())
				}
				last := p.panel(p.Panels() - 1)
				for i, x := range last {
					if past := i%s.nr >= n-(p.Panels()-1)*s.nr; past && x != 0 {
						t.Fatalf("%d columns, transposed %v: %g at row %d, column %d of the last panel", n, transposed, x, i/s.nr, i%s.nr)
					}
				}
			}
		}
	})
}

func TestMulTN(t *testing.T) {
	eachSet(t, func(t *testing.T, s *Set) {
		r := rand.New(rand.NewPCG(1, 3))
		scratch := newGuarded(ScratchTN, 0)
		check := func(i0, i1, n, k int, acc bool) {
			t.Helper()
			off := r.IntN(16)
			a := newMatrix(r, k, i1, i1+r.IntN(3), off)
			b := newMatrix(r, k, n, n+r.IntN(3), 15-off)
			c := newMatrix(r, i1, n, n+r.IntN(3), off)
			want := c.clone()
			rows := Rows{1, i1 - i0, i1 - i0}.list()
			for i := range rows {
				rows[i] += i0
			}
			product(s.arithmetic(), rows, k, 0, n, func(i, q int) float32 { return a.row(q)[i] }, func(q, j int) float32 { return b.row(q)[j] }, want, acc)
			what := fmt.Sprintf("rows %d-%d of [%d, ·]ᵀ · [%d, %d] acc %v", i0, i1, k, k, n, acc)
			again := c.clone()
			s.MulTN(i0, i1, n, k, a.x, a.ld, b.x, b.ld, c.x, c.ld, acc, scratch.x)
			sameBits(t, what, c.all, want.all)
			scratch.check(t, what)

			sums := newMatrix(r, 1, i1, i1, off)
			columns := sums.clone()
			for i := i0; i < i1; i++ {
				columns.x[i] = 0
				for q := range k {
					columns.x[i] += a.row(q)[i]
				}
			}
			s.MulTNSum(i0, i1, n, k, a.x, a.ld, b.x, b.ld, again.x, again.ld, acc, scratch.x, sums.x)
			sameBits(t, what+" with sums", again.all, want.all)
			sameBits(t, what+": sums", sums.all, columns.all)
		}
		for _, m := range sizes {
			for _, n := range sizes {
				check(r.IntN(m), m, n, []int{0, 1, 3, 4, 5, 33}[r.IntN(6)], r.IntN(2) == 0)
			}
		}
		check(0, 20, 17, 700, true)
		check(3, 9, 1030, 300, false)
	})
}
