package views

import "math"

// reduce fills h.reduced with what each slot and cell shows and returns the
// smallest and the largest of its finite values.
func (h *Heatmap) reduce(l *layout, read *Reading) (lo, hi float32) {
	if need := l.slots * l.cells; cap(h.reduced) < need {
		h.reduced = make([]float32, need)
	}
	h.reduced = h.reduced[:l.slots*l.cells]
	n, to := h.rows(), h.From+h.columns()
	lo, hi = float32(math.Inf(1)), float32(math.Inf(-1))
	for slot := range l.slots {
		out := h.reduced[slot*l.cells:][:l.cells]
		for position := slot * l.units; position < min((slot+1)*l.units, n); position++ {
			base := h.row(position) * h.RowStride
			first := position == slot*l.units
			for cell := range out {
				best := out[cell]
				start := h.From + cell*l.steps
				if first {
					best = h.Data[base+start*h.ColStride]
				}
				for col := start; col < min(start+l.steps, to); col++ {
					best = stronger(best, h.Data[base+col*h.ColStride])
				}
				out[cell] = best
			}
		}
		for _, v := range out {
			if v-v != 0 {
				read.NotFinite++
				continue
			}
			lo, hi = min(lo, v), max(hi, v)
		}
	}
	return lo, hi
}

// stronger returns the one of two values that a cell shows: what is not finite
// before all else, then the larger magnitude.
func stronger(a, b float32) float32 {
	if b-b != 0 || abs(b) > abs(a) {
		return b
	}
	return a
}

func abs(v float32) float32 { return math.Float32frombits(math.Float32bits(v) &^ (1 << 31)) }

// scale settles the ends of the scale: those asked for, or, for a local one,
// those of the values shown.
func (h *Heatmap) scale(read *Reading, lo, hi float32) {
	if read.Min, read.Max = h.Min, h.Max; h.Max > h.Min && h.Max-h.Min <= math.MaxFloat64 {
		return
	}
	read.Local = true
	switch {
	case lo > hi: // nothing finite
		read.Min, read.Max = 0, 1
	case read.Signed:
		read.Max = float64(max(abs(lo), abs(hi)))
		read.Min = -read.Max
	default:
		read.Min, read.Max = min(float64(lo), 0), float64(hi)
	}
	if read.Max <= read.Min {
		read.Max = read.Min + 1
	}
	if read.Signed {
		read.Min = -read.Max
	}
}

// count counts the cells whose value the scale's ends do not hold.
func (h *Heatmap) count(read *Reading) {
	if read.Local {
		return
	}
	lo, hi := float32(read.Min), float32(read.Max)
	for _, v := range h.reduced {
		if v-v == 0 && (v < lo || v > hi) {
			read.Beyond++
		}
	}
}

// index returns the palette's entry for a value, and whether it has none.
func (read *Reading) index(v float32) (i uint8, bad bool) {
	if v-v != 0 {
		return 0, true
	}
	return paletteIndex((float64(v) - read.Min) / (read.Max - read.Min)), false
}
