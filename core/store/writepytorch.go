package store

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"math"

	"rnnscope/core/rnn"
)

// writePyTorch writes a model as a file that takes the place of the one at
// path and that torch.load opens, also with weights_only=True: a dictionary of
// tensors, the state_dict of the lecture's class. Tied weights share a storage.
func writePyTorch(path string, m *rnn.Model) error {
	var tensors []Tensor
	for _, p := range m.Tensors() {
		tensors = append(tensors, Tensor{p.Name, p.Shape(), p.Value.Data})
	}
	shared := map[string]string{}
	if m.Tie {
		for _, t := range tensors {
			if t.Name == "embedding.weight" {
				tensors = append(tensors, Tensor{"fc.weight", t.Shape, t.Data})
				shared["fc.weight"] = t.Name
			}
		}
	}
	return replace(path, func(w io.Writer) error { return writeZip(w, tensors, shared) })
}

// writeZip writes what torch.save does: the pickle, then each storage at a
// multiple of 64 bytes, nothing compressed. shared names, for a tensor without a
// storage of its own, that whose storage it sees.
func writeZip(w io.Writer, tensors []Tensor, shared map[string]string) error {
	keys := map[string]int{}
	for _, t := range tensors {
		if shared[t.Name] == "" {
			keys[t.Name] = len(keys)
		}
	}
	for name, other := range shared {
		keys[name] = keys[other]
	}
	a := archive{zip: zip.NewWriter(w)}
	pickle := pickleOf(tensors, keys)
	if err := a.add("model/data.pkl", int64(len(pickle)), bytes.NewReader(pickle)); err != nil {
		return err
	}
	if err := a.add("model/byteorder", 6, bytes.NewReader([]byte("little"))); err != nil {
		return err
	}
	for _, t := range tensors {
		if shared[t.Name] != "" {
			continue
		}
		if err := a.add(fmt.Sprintf("model/data/%d", keys[t.Name]), 4*int64(len(t.Data)), &floats{data: t.Data}); err != nil {
			return err
		}
	}
	if err := a.add("model/version", 2, bytes.NewReader([]byte("3\n"))); err != nil {
		return err
	}
	return a.zip.Close()
}

// archive is a zip archive whose contents begin at multiples of 64, as PyTorch
// wants of what it maps into memory.
type archive struct {
	zip *zip.Writer
	at  int64 // bytes written
}

const (
	localHeader  = 30 // bytes before the name of a file in a zip archive
	paddingExtra = 4  // bytes of the header of an extra field
	alignment    = 64
)

// add stores size bytes, read twice: the checksum stands before them.
func (a *archive) add(name string, size int64, content io.ReadSeeker) error {
	sum := crc32.NewIEEE()
	if _, err := io.Copy(sum, content); err != nil {
		return err
	}
	if _, err := content.Seek(0, io.SeekStart); err != nil {
		return err
	}
	before := a.at + localHeader + int64(len(name)) + paddingExtra
	padding := (alignment - before%alignment) % alignment
	extra := binary.LittleEndian.AppendUint16([]byte("FB"), uint16(padding))
	extra = append(extra, bytes.Repeat([]byte("Z"), int(padding))...)
	f, err := a.zip.CreateRaw(&zip.FileHeader{
		Name: name, Method: zip.Store, Extra: extra, CRC32: sum.Sum32(),
		CompressedSize64: uint64(size), UncompressedSize64: uint64(size),
	})
	if err != nil {
		return err
	}
	a.at = before + padding + size
	_, err = io.Copy(f, content)
	return err
}

// floats reads float32 as little-endian bytes. It is read from its beginning,
// any number of times.
type floats struct {
	data []float32
	at   int
	rest []byte // of what was encoded and not read yet
	room [4 << 10]byte
}

func (f *floats) Read(b []byte) (int, error) {
	if len(f.rest) == 0 {
		n := min(len(f.room)/4, len(f.data)-f.at)
		if n == 0 {
			return 0, io.EOF
		}
		for i, x := range f.data[f.at : f.at+n] {
			binary.LittleEndian.PutUint32(f.room[4*i:], math.Float32bits(x))
		}
		f.at += n
		f.rest = f.room[:4*n]
	}
	n := copy(b, f.rest)
	f.rest = f.rest[n:]
	return n, nil
}

// Seek goes back to the beginning, which is all that archive asks for.
func (f *floats) Seek(int64, int) (int64, error) {
	f.at, f.rest = 0, nil
	return 0, nil
}

// pickleOf is the pickle, protocol 2, of {name: tensor, …}, keys telling the
// storage of each.
func pickleOf(tensors []Tensor, keys map[string]int) []byte {
	b := []byte{0x80, 2, '}', '('} // PROTO, EMPTY_DICT, MARK
	text := func(s string) {
		b = append(b, 'X') // BINUNICODE
		b = binary.LittleEndian.AppendUint32(b, uint32(len(s)))
		b = append(b, s...)
	}
	number := func(n int) {
		b = append(b, 'J') // BININT
		b = binary.LittleEndian.AppendUint32(b, uint32(n))
	}
	numbers := func(list []int) {
		b = append(b, '(')
		for _, n := range list {
			number(n)
		}
		b = append(b, 't') // TUPLE
	}
	for _, t := range tensors {
		text(t.Name)
		b = append(b, "ctorch._utils\n_rebuild_tensor_v2\n(("...) // GLOBAL, MARK, MARK
		text("storage")
		b = append(b, "ctorch\nFloatStorage\n"...)
		text(fmt.Sprint(keys[t.Name]))
		text("cpu")
		number(len(t.Data))
		b = append(b, 't', 'Q') // TUPLE, BINPERSID
		number(0)
		numbers(t.Shape)
		strides := make([]int, len(t.Shape))
		run := 1
		for i := len(strides) - 1; i >= 0; i-- {
			strides[i] = run
			run *= t.Shape[i]
		}
		numbers(strides)
		b = append(b, 0x89)                                 // NEWFALSE
		b = append(b, "ccollections\nOrderedDict\n)RtR"...) // GLOBAL, EMPTY_TUPLE, REDUCE, TUPLE, REDUCE
	}
	return append(b, 'u', '.') // SETITEMS, STOP
}
