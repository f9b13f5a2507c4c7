package session

import (
	"sync"
	"sync/atomic"
)

// inbox carries what is asked of a goroutine to it, in order and without ever
// making the asker wait. Looking into an empty one costs an atomic load.
type inbox struct {
	waiting atomic.Int32
	mu      sync.Mutex
	asked   []func()
	wake    chan struct{} // has room for one
}

func newInbox() *inbox { return &inbox{wake: make(chan struct{}, 1)} }

// put adds what is to be done.
func (b *inbox) put(f func()) {
	b.mu.Lock()
	b.asked = append(b.asked, f)
	b.waiting.Store(int32(len(b.asked)))
	b.mu.Unlock()
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

// do does all that was asked and says whether there was anything.
func (b *inbox) do() bool {
	if b.waiting.Load() == 0 {
		return false
	}
	b.mu.Lock()
	asked := b.asked
	b.asked = nil
	b.waiting.Store(0)
	b.mu.Unlock()
	for _, f := range asked {
		f()
	}
	return true
}
