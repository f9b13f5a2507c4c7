package probe

import "rnnscope/core/kernel"

// Control is how a long question about gradients is followed and ended. Its zero
// value runs to the end on one thread.
type Control struct {
	Stop     func() bool           // asked now and then; true ends the question with ErrStopped
	Progress func(done, total int) // of the question's own units
	Team     *kernel.Team          // nil is a team of one
}

func (c Control) step(done, total int) error {
	if c.Progress != nil {
		c.Progress(done, total)
	}
	if c.Stop != nil && c.Stop() {
		return ErrStopped
	}
	return nil
}

func (c Control) team() *kernel.Team {
	if c.Team == nil {
		return kernel.NewTeam(1)
	}
	return c.Team
}
