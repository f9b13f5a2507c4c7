package corpora

import "unsafe"

// blockBits: ids are kept in blocks of 65,536, so that a text can grow without
// being copied, and each block is as narrow as its largest id allows.
const (
	blockBits = 16
	blockLen  = 1 << blockBits
)

// IDs is a sequence of token ids, each block of 65,536 in the smallest integer
// type that holds it. An id of -1 is a symbol that the vocabulary does not have.
type IDs struct {
	blocks  []block
	from, n int
}

// Len is the number of tokens.
func (s IDs) Len() int { return s.n }

// At is token i.
func (s IDs) At(i int) int {
	if uint(i) >= uint(s.n) {
		panic("corpora: token outside the sequence")
	}
	i += s.from
	var one [1]int32
	s.blocks[i>>blockBits].fill(one[:], i&(blockLen-1))
	return int(one[0])
}

// Slice is tokens i … j-1, sharing the storage.
func (s IDs) Slice(i, j int) IDs {
	if i < 0 || j < i || j > s.n {
		panic("corpora: slice outside the sequence")
	}
	return IDs{s.blocks, s.from + i, j - i}
}

// Fill copies the tokens from … from+len(dst)-1 into dst.
func (s IDs) Fill(dst []int32, from int) {
	if from < 0 || from+len(dst) > s.n {
		panic("corpora: tokens outside the sequence")
	}
	for i := s.from + from; len(dst) > 0; {
		n := s.blocks[i>>blockBits].fill(dst, i&(blockLen-1))
		dst, i = dst[n:], i+n
	}
}

// Bytes is the memory that the blocks of the sequence take.
func (s IDs) Bytes() int64 {
	if s.n == 0 {
		return 0
	}
	total := int64(0)
	for _, b := range s.blocks[s.from>>blockBits : (s.from+s.n-1)>>blockBits+1] {
		total += b.bytes()
	}
	return total
}

// each calls visit with the tokens in order, a few thousand at a time.
func (s IDs) each(visit func([]int32)) {
	var buffer [1 << 12]int32
	for at := 0; at < s.n; {
		ids := buffer[:min(s.n-at, len(buffer))]
		s.Fill(ids, at)
		visit(ids)
		at += len(ids)
	}
}

// count adds the tokens, of which none is -1, to counts.
func (s IDs) count(counts []int64) {
	s.each(func(ids []int32) {
		for _, id := range ids {
			counts[id]++
		}
	})
}

// remap replaces every id by final[id], block after block where it lies.
func (s IDs) remap(final []int32) {
	var wide []int32
	for i, b := range s.blocks {
		if c, ok := b.(cells[uint8]); ok && c.remap(final) {
			continue
		}
		if wide == nil {
			wide = make([]int32, blockLen)
		}
		ids := wide[:b.fill(wide, 0)]
		for j, id := range ids {
			ids[j] = final[id]
		}
		s.blocks[i] = pack(ids, b)
	}
}

// idWriter collects ids until done. The current block is held wide.
type idWriter struct {
	blocks  []block
	current [blockLen]int32
	n       int // ids in current
}

func (w *idWriter) add(id int32) {
	w.current[w.n] = id
	if w.n++; w.n == blockLen {
		w.flush()
	}
}

// room is where the next ids may be written, wrote that n were: add for many at a
// time. There is always some.
func (w *idWriter) room() []int32 { return w.current[w.n:] }
func (w *idWriter) wrote(n int) {
	if w.n += n; w.n == blockLen {
		w.flush()
	}
}

func (w *idWriter) flush() {
	if w.n > 0 {
		w.blocks = append(w.blocks, pack(w.current[:w.n], nil))
	}
	w.n = 0
}

func (w *idWriter) len() int { return len(w.blocks)*blockLen + w.n }

// done returns what was written; the writer is spent.
func (w *idWriter) done() IDs {
	n := w.len()
	w.flush()
	return IDs{w.blocks, 0, n}
}

// block is cells of one integer type, of which the largest value stands for -1.
type block interface {
	fill(dst []int32, from int) int // copies as many as there are, like copy
	bytes() int64
}

type cells[T uint8 | uint16 | uint32] []T

func (c cells[T]) fill(dst []int32, from int) int {
	src := c[from:]
	dst = dst[:min(len(dst), len(src))]
	for i, v := range src[:len(dst)] {
		id := int32(v)
		if v == ^T(0) {
			id = -1
		}
		dst[i] = id
	}
	return len(dst)
}

// remap replaces every id, none of which is -1, by final[id], unless there are new
// ones that T does not hold.
func (c cells[T]) remap(final []int32) bool {
	for _, id := range final {
		if int64(id) >= int64(^T(0)) {
			return false
		}
	}
	for i, id := range c {
		c[i] = T(final[id])
	}
	return true
}

func (c cells[T]) bytes() int64 {
	return int64(len(c)) * int64(unsafe.Sizeof(T(0)))
}

// pack stores ids as narrow as they are, in old when it is of that type.
func pack(ids []int32, old block) block {
	largest := int32(0)
	for _, id := range ids {
		largest = max(largest, id)
	}
	switch {
	case largest < 1<<8-1:
		return store[uint8](ids, old)
	case largest < 1<<16-1:
		return store[uint16](ids, old)
	}
	return store[uint32](ids, old)
}

func store[T uint8 | uint16 | uint32](ids []int32, old block) block {
	c, ok := old.(cells[T])
	if !ok {
		c = make(cells[T], len(ids))
	}
	for i, id := range ids {
		c[i] = T(id)
	}
	return c
}
