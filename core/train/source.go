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

// Valued is a Source whose inputs, targets or both are numbers.
type Valued interface {
	Source
	// ByValue says which of the two are.
	ByValue() (inputs, targets bool)
	// NextValues is Next, which is then not called. Inputs by value fill
	// values, [T,B,E], and those by id x; targets by value fill goals, [T,B,V],
	// and set y to 0 where they are scored and to -1 elsewhere.
	NextValues(values, goals []float32, x, y []int32) (reset bool)
}
