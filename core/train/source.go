package train

// Source hands out the windows of a text or a task. corpora.Batcher is one.
type Source interface {
	// Shape is the window's: T steps of B streams.
	Shape() (T, B int)
	// Next fills the next window, inputs x and targets y, [T,B] time-major
	// each, and says whether the state is zeroed before it. An input of -1 is
	// an unknown symbol, a target of -1 is not scored.
	Next(x, y []int32) (reset bool)
	// Windows is the number of windows in an epoch.
	Windows() int
	// Position is where the next window starts; SeekTo goes back there.
	Position() (epoch, offset int64)
	SeekTo(epoch, offset int64) error
}
