//go:build !linux

package kernel

// large does nothing here: only Linux is asked for large pages.
func large([]float32) {}

func onLargePage(n int) []float32 { return Alloc(n) }
