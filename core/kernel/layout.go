package kernel

// Layout lays several vectors side by side in one piece of memory, each from a cache
// line on: large pages, which cost one fault where small ones cost five hundred, fit
// under one long piece better than under many short ones.
//
//	var l kernel.Layout
//	l.Add(&states, T*B*H)
//	weights := l.Packed(set, H, 4*H)
//	l.Alloc() // only now states and weights have memory
//
// The memory of all of them is given up together. On Linux it begins on a large page
// if it is long beside one; the rest of a page in front of it and behind is not used.
type Layout struct {
	places []place
	n      int
}

// place is where a vector goes.
type place struct {
	to    *[]float32
	at, n int
}

// Add asks for n zeros, which Alloc sets x to.
func (l *Layout) Add(x *[]float32, n int) {
	l.places = append(l.places, place{x, l.n, n})
	l.n += inLines(n)
}

// Packed is Set.NewPacked with room that Alloc makes.
func (l *Layout) Packed(s *Set, k, n int) *Packed {
	p := s.unmade(k, n)
	l.Add(&p.data, p.floats())
	return p
}

// Alloc makes the room and hands it out. The layout is empty then.
func (l *Layout) Alloc() {
	all := onLargePage(l.n)
	for _, p := range l.places {
		*p.to = all[p.at : p.at+p.n : p.at+inLines(p.n)]
	}
	*l = Layout{}
}
