package scope

import "sync/atomic"

// Mailbox is a slot for the newest value. Any number of goroutines may use it.
type Mailbox[T any] struct{ slot atomic.Pointer[T] }

// Put replaces whatever is in the slot.
func (m *Mailbox[T]) Put(v *T) { m.slot.Store(v) }

// Take empties the slot and returns what was in it, nil when it was empty.
func (m *Mailbox[T]) Take() *T { return m.slot.Swap(nil) }

// Empty says whether somebody has taken the last value: only then is the next
// worth building.
func (m *Mailbox[T]) Empty() bool { return m.slot.Load() == nil }
