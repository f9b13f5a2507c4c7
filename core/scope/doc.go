// Package scope is all that a screen may see of a run: values that nobody
// changes once they are published, and the mailbox that carries them.
//
//	trainer ── Snapshot ──▶ Mailbox (one slot, the newest wins) ──▶ screen
//
// The publisher builds a snapshot only when the last one was taken, so that a
// slow screen skips some and never slows training. The loss of every update is
// in the Curve, a bounded record that never loses a spike.
package scope
