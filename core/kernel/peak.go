package kernel

import "time"

// Peak measures how many GFLOP/s one core does with this set's multiply-adds, all
// in registers if the set is a vector set: what no product can exceed. It takes a tenth of a second and
// returns the best of many short bursts, so that a busy machine disturbs it
// little.
func (s *Set) Peak() float64 {
	best := 0.0
	for start := time.Now(); time.Since(start) < 100*time.Millisecond; {
		burst, flops := time.Now(), 0.0
		for range 16 {
			flops += s.peak()
		}
		best = max(best, flops/time.Since(burst).Seconds()/1e9)
	}
	return best
}

// peakPortable multiplies a tile whose operands are in the first-level cache; the
// compiler cannot be told to keep a loop in registers.
func peakPortable() float64 {
	const k = 256
	var rows [2][k]float32
	var panel [k * portableNR]float32
	var c [2][portableNR]float32
	for range 16 {
		tilePortable(rows[0][:], rows[1][:], panel[:], c[0][:], c[1][:], true)
	}
	return 16 * 2 * 2 * portableNR * k
}
