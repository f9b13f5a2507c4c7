package store

import (
	"fmt"
	"io"
	"math"

	"rnnscope/core/say"
)

// Tensors is a file of tensors open for reading, safetensors or PyTorch's. What
// it says of them has been checked; their data is read when asked for.
type Tensors struct {
	Entries  []Entry           // by their place in a safetensors file, by name in PyTorch's
	Metadata map[string]string // nil without __metadata__

	r      io.ReaderAt
	data   int64 // what places count from: where the header ends
	byName map[string]int
	close  func() error
}

// openTensors opens a safetensors file. Close it. The error is a *Error; that
// of a file which breaks the format wraps a *Malformed.
func openTensors(path string) (*Tensors, error) {
	f, size, err := openRegular(path)
	if err != nil {
		return nil, err
	}
	t, err := parseTensors(f, size)
	if err != nil {
		f.Close()
		return nil, &Error{
			What: say.Textf("%s: not a whole safetensors file: %v", path, reason(err)),
			Hint: say.Textf("copy or save it again"), Err: err,
		}
	}
	t.close = f.Close
	return t, nil
}

// parseTensors reads the header of a safetensors file of size bytes.
func parseTensors(r io.ReaderAt, size int64) (*Tensors, error) {
	entries, metadata, data, err := readHeader(r, size)
	if err != nil {
		return nil, err
	}
	return newTensors(entries, metadata, r, data), nil
}

func newTensors(entries []Entry, metadata map[string]string, r io.ReaderAt, data int64) *Tensors {
	t := &Tensors{Entries: entries, Metadata: metadata, r: r, data: data, byName: make(map[string]int, len(entries))}
	for i, e := range entries {
		t.byName[e.Name] = i
	}
	return t
}

// Close closes the file.
func (t *Tensors) Close() error {
	if t.close == nil {
		return nil
	}
	return t.close()
}

// Lookup finds a tensor by name.
func (t *Tensors) Lookup(name string) (Entry, bool) {
	i, ok := t.byName[name]
	if !ok {
		return Entry{}, false
	}
	return t.Entries[i], true
}

// Float32s reads a tensor of floats of any kind, rounded to float32. A number
// beyond that is an error. It panics when there is no such tensor.
func (t *Tensors) Float32s(name string) ([]float32, error) {
	var out []float32
	err := t.read(name, func(n int) { out = make([]float32, 0, n) }, func(piece []float64) error {
		for _, x := range piece {
			y := float32(x)
			if math.IsInf(float64(y), 0) && !math.IsInf(x, 0) {
				return say.Errorf("tensor %q has the number %g, which is beyond float32", name, x)
			}
			out = append(out, y)
		}
		return nil
	})
	return out, err
}

// read hands a tensor's number of elements to begin, then the elements to add,
// piece by piece.
func (t *Tensors) read(name string, begin func(n int), add func(piece []float64) error) error {
	e, ok := t.Lookup(name)
	if !ok {
		panic(fmt.Sprintf("store: no tensor %q", name))
	}
	kind := dtypes[e.DType]
	if kind.floats == nil {
		return say.Errorf("tensor %q is %s; F32, F64, F16 and BF16 can be read as floats", name, e.DType)
	}
	if e.strides != nil {
		return t.gather(e, begin, add)
	}
	const most = 8192
	size := int(kind.bits / 8)
	n := int(e.end-e.begin) / size
	begin(n)
	values, bytes := make([]float64, min(n, most)), make([]byte, min(n, most)*size)
	for at := t.data + int64(e.begin); n > 0; {
		piece := min(n, most)
		if _, err := t.r.ReadAt(bytes[:piece*size], at); err != nil {
			return err
		}
		kind.floats(values[:piece], bytes[:piece*size])
		if err := add(values[:piece]); err != nil {
			return err
		}
		n -= piece
		at += int64(piece * size)
	}
	return nil
}

// gather is read for a tensor whose elements are not stored one after the
// other, such as a transposed matrix.
func (t *Tensors) gather(e Entry, begin func(n int), add func(piece []float64) error) error {
	kind := dtypes[e.DType]
	size, n := kind.bits/8, uint64(1)
	for _, d := range e.Shape {
		n *= d
	}
	begin(int(n))
	bytes := make([]byte, e.end-e.begin)
	if _, err := t.r.ReadAt(bytes, t.data+int64(e.begin)); err != nil {
		return err
	}
	index, at := make([]uint64, len(e.Shape)), uint64(0) // at counts elements
	value := make([]float64, 1)
	for range n {
		kind.floats(value, bytes[at*size:(at+1)*size])
		if err := add(value); err != nil {
			return err
		}
		for d := len(index) - 1; d >= 0; d-- {
			index[d]++
			at += e.strides[d]
			if index[d] < e.Shape[d] {
				break
			}
			at -= index[d] * e.strides[d]
			index[d] = 0
		}
	}
	return nil
}
