package probe

import (
	"math"
	"runtime"

	"rnnscope/core/rnn"
	"rnnscope/core/scope"
	"rnnscope/core/task"
)

// timesOf is how often an update is timed: the shortest is what it takes when
// least is in its way.
const timesOf = 3

// CostsOf measures what an update of B streams costs by the window k: the time
// that one thread works on a forward and a backward pass, waiting for others not
// counted, and the bytes of its tape. ids is a
// text at least as long as the longest window; all streams read it.
func CostsOf(m *rnn.Model, ids []int32, B int, windows []int, o Control) (*scope.Costs, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	work, team := m.Clone(), Control{}.team()
	out := &scope.Costs{Batch: B}
	for i, k := range windows {
		tape := work.NewTape(k, B, team, 0)
		for r := range k * B {
			tape.IDs[r] = ids[r/B]
			tape.Targets[r] = ids[min(r/B+1, len(ids)-1)]
		}
		c := scope.Cost{Window: k, Seconds: math.Inf(1), Bytes: tape.Bytes()}
		for n := range timesOf {
			if err := o.step(i*timesOf+n, len(windows)*timesOf); err != nil {
				return nil, err
			}
			tape.Reset()
			began := task.Spent()
			tape.Learn(nil)
			c.Seconds = math.Min(c.Seconds, (task.Spent() - began).Seconds())
		}
		out.Of = append(out.Of, c)
	}
	return out, nil
}
