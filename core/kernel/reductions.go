package kernel

import "math"

// block is how many elements one call of a vector kernel takes at most, and
// what reductions fold at a time.
const block = 1 << 14

// SoftmaxLoss turns a row of logits into scale·∂L/∂logits for L = -log p(target)
// and returns L in nats. A negative target is not scored: the row becomes zeros
// and the loss is 0.
func (s *Set) SoftmaxLoss(row []float32, target int, scale float32) float64 {
	if target < 0 {
		clear(row)
		return 0
	}
	x := row[target]
	sum, m := s.exponentials(row, scale)
	row[target] -= scale
	return math.Log(float64(sum)) + float64(m) - float64(x)
}

// SoftmaxLosses is SoftmaxLoss of a row of n logits for each target, the rows ld
// apart in x, and sets losses to theirs. scratch is at least ScratchLosses floats
// that no other goroutine uses.
func (s *Set) SoftmaxLosses(x []float32, n, ld int, targets []int32, scale float32, losses []float64, scratch []float32) {
	if len(targets) == 0 {
		return
	}
	check(len(x) >= (len(targets)-1)*ld+n && len(losses) >= len(targets) && len(scratch) >= ScratchLosses, "SoftmaxLosses", len(targets)*n)
	limit := min(ScratchLosses/3, block/n)
	if limit < 2 {
		for r, target := range targets {
			losses[r] = s.SoftmaxLoss(x[r*ld:r*ld+n], int(target), scale)
		}
		return
	}
	for len(targets) > 0 {
		count := min(limit, len(targets))
		sums, largest, scored := scratch[:count], scratch[count:2*count], scratch[2*count:3*count]
		for r, target := range targets[:count] {
			if target >= 0 {
				scored[r] = x[r*ld+int(target)]
			}
		}
		s.softmaxes(n, x, ld, scale, sums, largest)
		for r, target := range targets[:count] {
			if target < 0 {
				clear(x[r*ld : r*ld+n])
				losses[r] = 0
				continue
			}
			x[r*ld+int(target)] -= scale
			losses[r] = math.Log(float64(sums[r])) + float64(largest[r]) - float64(scored[r])
		}
		targets, losses, x = targets[count:], losses[count:], x[min(len(x), count*ld):]
	}
}

// ScratchLosses is the scratch that SoftmaxLosses needs, in floats.
const ScratchLosses = 3 * 64

// Softmax turns a row of logits into probabilities and returns log Σ e^logit.
func (s *Set) Softmax(row []float32) float64 {
	sum, m := s.exponentials(row, 1)
	return math.Log(float64(sum)) + float64(m)
}

// exponentials sets row to scale·e^(row-m)/sum, where m is its largest value.
// Blocks of a long row are summed one by one.
func (s *Set) exponentials(row []float32, scale float32) (sum, m float32) {
	if len(row) <= block {
		return s.softmax(row, scale)
	}
	m = s.Max(row)
	for x := row; len(x) > 0; x = x[min(block, len(x)):] {
		sum += s.expSum(x[:min(block, len(x))], m)
	}
	s.scale(row, scale/sum)
	return sum, m
}

// SumSquares returns Σ x², accumulated in float64 in sixteen lanes, block by
// block.
func (s *Set) SumSquares(x []float32) float64 {
	sum := 0.0
	for ; len(x) > block; x = x[block:] {
		sum += s.sumSquares(x[:block])
	}
	if len(x) == 0 {
		return sum
	}
	return sum + s.sumSquares(x)
}

// Dot returns Σ x·y, fused, in sixty-four lanes, block by block.
func (s *Set) Dot(x, y []float32) float32 {
	check(len(y) >= len(x), "Dot", len(x))
	var sum float32
	for ; len(x) > block; x, y = x[block:], y[block:] {
		sum += s.dot(x[:block], y[:block])
	}
	if len(x) == 0 {
		return sum
	}
	return sum + s.dot(x, y)
}
