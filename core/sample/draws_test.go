package sample

import "testing"

func TestDrawsAreReproducible(t *testing.T) {
	a, b, other := NewDraws(1), NewDraws(1), NewDraws(2)
	same := 0
	for i := range 1000 {
		x := a.Next()
		if y := b.Next(); x != y {
			t.Fatalf("draw %d of seed 1: %v, then %v", i, x, y)
		}
		if x < 0 || x >= 1 || x*(1<<53) != float64(int64(x*(1<<53))) {
			t.Fatalf("draw %d is %v, no multiple of 2⁻⁵³ in [0, 1)", i, x)
		}
		if x == other.Next() {
			same++
		}
	}
	if same > 0 {
		t.Errorf("seeds 1 and 2 share %d of 1000 draws", same)
	}
}

// Texts that were written with a seed must be written again by later versions.
func TestDrawsOfASeedNeverChange(t *testing.T) {
	d := NewDraws(42)
	for i, want := range []float64{0.6795530877144624, 0.9874466020880406, 0.03637958142136255, 0.6691840318711703} {
		if got := d.Next(); got != want {
			t.Errorf("draw %d of seed 42: got %v, want %v", i, got, want)
		}
	}
}
