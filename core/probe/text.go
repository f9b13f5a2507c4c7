package probe

// sequence is ids in memory as a text.
type sequence []int32

func (x sequence) Len() int                   { return len(x) }
func (x sequence) Fill(dst []int32, from int) { copy(dst, x[from:]) }
