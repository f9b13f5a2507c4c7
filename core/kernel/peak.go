package kernel

import "time"

// Peak measures how many GFLOP/s one core does with this set's multiply-adds, all
// in registers if the set is a vector set: what no product can exceed. It takes a tenth
// of a second. best is that of the best of many short bursts, which a busy machine
// disturbs little; sustained is that of all of them, which interrupts, a hypervisor and
// other programs have taken their time from as they do from whatever else runs.
func (s *Set) Peak() (best, sustained float64) {
	start, all := time.Now(), 0.0
	for time.Since(start) < 100*time.Millisecond {
		burst, flops := time.Now(), 0.0
		for range 16 {
			flops += s.peak()
		}
		best = max(best, flops/time.Since(burst).Seconds()/1e9)
		all += flops
	}
	return best, all / time.Since(start).Seconds() / 1e9
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
