package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// lanewise is what a reduction's sum must be: value i in lane i%16, lane i
// joined by lane i+8, then i+4, i+2 and i+1, and every block of its own.
func lanewise[F float32 | float64](n int, value func(i int) F) F {
	var total F
	for start := 0; start < n; start += block {
		var s [16]F
		for i := start; i < min(n, start+block); i++ {
			s[i%16] += value(i)
		}
		for w := 8; w > 0; w /= 2 {
			for i := range w {
				s[i] += s[i+w]
			}
		}
		total += s[0]
	}
	return total
}

func TestSumSquares(t *testing.T) {
	eachSet(t, func(t *testing.T, s *Set) {
		r := rand.New(rand.NewPCG(3, 1))
		for _, n := range append(sizes, 0, block-1, block, block+1, 3*block+7) {
			g := newGuarded(n, r.IntN(16))
			normal(r, g.x)
			want := lanewise(n, func(i int) float64 { return float64(g.x[i]) * float64(g.x[i]) })
			if got := s.SumSquares(g.x); got != want {
				t.Fatalf("%d values: got %v, want %v", n, got, want)
			}
		}
	})
}

func TestDot(t *testing.T) {
	eachSet(t, func(t *testing.T, s *Set) {
		r := rand.New(rand.NewPCG(3, 3))
		for _, n := range append(sizes, 0, 64, 127, 129, block, block+1, 2*block+81) {
			x, y := newGuarded(n, r.IntN(16)), newGuarded(n, r.IntN(16))
			normal(r, x.x)
			normal(r, y.x)
			var want float32
			for start := 0; start < n; start += block {
				end := min(n, start+block)
				var lanes [64]float32
				for i := start; i < end; i++ {
					lane := (i - start) % 64
					if i >= start+(end-start)/64*64 {
						lane %= 16
					}
					lanes[lane] = s.arithmetic()(x.x[i], y.x[i], lanes[lane])
				}
				want += lanewise(16, func(i int) float32 { return (lanes[i] + lanes[i+16]) + (lanes[i+32] + lanes[i+48]) })
			}
			if got := s.Dot(x.x, y.x); got != want {
				t.Fatalf("%d values: got %v, want %v", n, got, want)
			}
		}
	})
}

func TestSoftmax(t *testing.T) {
	eachSet(t, func(t *testing.T, s *Set) {
		r := rand.New(rand.NewPCG(3, 2))
		for _, n := range append(sizes, block, block+1, 3*block+7) {
			g := newGuarded(n, r.IntN(16))
			normal(r, g.x)
			want := append([]float32(nil), g.x...)
			m := want[0]
			for _, x := range want {
				m = max(m, x)
			}
			for i, x := range want {
				want[i] = wantExp(s.arithmetic(), x-m)
			}
			sum := lanewise(n, func(i int) float32 { return want[i] })
			log := math.Log(float64(sum)) + float64(m)
			target, scale := r.IntN(n), float32(0.125)
			loss := log - float64(g.x[target])
			gradient := append([]float32(nil), want...)
			for i := range want {
				want[i] *= 1 / sum
				gradient[i] *= scale / sum
			}
			gradient[target] -= scale

			row := newGuarded(n, r.IntN(16))
			copy(row.x, g.x)
			if got := s.Softmax(row.x); got != log {
				t.Fatalf("%d logits: log Σ e^x is %v, want %v", n, got, log)
			}
			sameBits(t, fmt.Sprintf("softmax of %d", n), row.x, want)
			row.check(t, "Softmax")
			copy(row.x, g.x)
			if got := s.SoftmaxLoss(row.x, target, scale); got != loss {
				t.Fatalf("%d logits: loss %v, want %v", n, got, loss)
			}
			sameBits(t, fmt.Sprintf("gradient of %d", n), row.x, gradient)
			row.check(t, "SoftmaxLoss")
		}
	})
}

// Several rows at once are the same rows one by one, to the bit; what lies between
// them is not touched.
func TestSoftmaxLosses(t *testing.T) {
	eachSet(t, func(t *testing.T, s *Set) {
		r := rand.New(rand.NewPCG(3, 4))
		for _, n := range append(sizes, 1000, block, block+1) {
			for _, rows := range []int{1, 2, 7, 65, 150} {
				if n >= block && rows > 2 {
					continue
				}
				ld := n + r.IntN(4)
				x := newGuarded((rows-1)*ld+n, r.IntN(16))
				normal(r, x.x)
				want, targets, losses := append([]float32(nil), x.x...), make([]int32, rows), make([]float64, rows)
				for i := range targets {
					targets[i] = int32(r.IntN(n+1) - 1) // -1 is not scored
				}
				s.SoftmaxLosses(x.x, n, ld, targets, 0.125, losses, make([]float32, ScratchLosses))
				for i, target := range targets {
					if loss := s.SoftmaxLoss(want[i*ld:i*ld+n], int(target), 0.125); losses[i] != loss {
						t.Fatalf("%d rows of %d: loss %d is %v, want %v", rows, n, i, losses[i], loss)
					}
				}
				sameBits(t, fmt.Sprintf("%d rows of %d", rows, n), x.x, want)
				x.check(t, "SoftmaxLosses")
			}
		}
	})
}

// Rows are added one after the other.
func TestAddRows(t *testing.T) {
	eachSet(t, func(t *testing.T, s *Set) {
		r := rand.New(rand.NewPCG(3, 5))
		for _, n := range append(sizes, shortRow, shortRow+1, block+1) {
			for _, rows := range []int{0, 1, 2, 7, block/n + 2} {
				ld := n + r.IntN(4)
				dst, src := newGuarded(n, r.IntN(16)), newGuarded(max(0, rows-1)*ld+n, r.IntN(16))
				normal(r, dst.x)
				normal(r, src.x)
				want := append([]float32(nil), dst.x...)
				for i := range rows {
					for j := range want {
						want[j] += src.x[i*ld+j]
					}
				}
				s.AddRows(dst.x, src.x, ld, rows)
				sameBits(t, fmt.Sprintf("%d rows of %d", rows, n), dst.x, want)
				dst.check(t, "AddRows")
			}
		}
	})
}
