package store

import (
	"cmp"
	"encoding/binary"
	"io"
	"math/bits"
	"slices"
	"unicode/utf8"

	"rnnscope/core/say"
)

// The rules of the format, by the names that its reference implementation
// gives to breaking them (github.com/huggingface/safetensors, tensor.rs).
const (
	HeaderTooSmall               = "HeaderTooSmall"               // no 8 bytes of length
	HeaderTooLarge               = "HeaderTooLarge"               // above 100 million bytes
	InvalidHeaderLength          = "InvalidHeaderLength"          // beyond the end of the file
	InvalidHeader                = "InvalidHeader"                // not UTF-8
	InvalidHeaderDeserialization = "InvalidHeaderDeserialization" // not the JSON it must be
	InvalidOffset                = "InvalidOffset"                // a hole, an overlap, an end before its begin
	ValidationOverflow           = "ValidationOverflow"           // a shape whose size is no 64-bit number
	MisalignedSlice              = "MisalignedSlice"              // a tensor that ends inside a byte
	TensorInvalidInfo            = "TensorInvalidInfo"            // a shape that does not fill its bytes
	MetadataIncompleteBuffer     = "MetadataIncompleteBuffer"     // bytes missing or left at the end
)

// Malformed is a file that breaks a rule of the safetensors format.
type Malformed struct {
	Rule string
	What say.Text
}

func (m *Malformed) Error() string { return m.What.String() }

// Say is what is wrong, in another language.
func (m *Malformed) Say(translate say.Translate) string { return m.What.Say(translate) }

func malformed(rule, format string, args ...any) error {
	return &Malformed{Rule: rule, What: say.Textf(format, args...)}
}

// Entry is one tensor of a file, as the header describes it.
type Entry struct {
	Name       string
	DType      string
	Shape      []uint64
	begin, end uint64   // of its bytes, from the end of the header
	strides    []uint64 // in elements, of a tensor of PyTorch's that is not stored row by row; else nil
}

const maxHeader = 100_000_000

// readHeader reads and checks everything before the data of a file of size
// bytes: 8 bytes N, little-endian, then N bytes of JSON.
//
//	{"__metadata__": {"key": "value", …},
//	 "name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, …}
//
// It returns the entries by offset, and where their data begins.
func readHeader(r io.ReaderAt, size int64) (entries []Entry, metadata map[string]string, data int64, err error) {
	if size < 8 {
		return nil, nil, 0, malformed(HeaderTooSmall, "%d bytes are too few for a safetensors file", size)
	}
	var length [8]byte
	if _, err := r.ReadAt(length[:], 0); err != nil {
		return nil, nil, 0, err
	}
	n := binary.LittleEndian.Uint64(length[:])
	if n > maxHeader {
		return nil, nil, 0, malformed(HeaderTooLarge, "a header of %d bytes is above the limit of %d", n, maxHeader)
	}
	if int64(n) > size-8 {
		return nil, nil, 0, malformed(InvalidHeaderLength, "the header should have %d bytes, but only %d follow", n, size-8)
	}
	text := make([]byte, n)
	if _, err := io.ReadFull(io.NewSectionReader(r, 8, int64(n)), text); err != nil {
		return nil, nil, 0, err
	}
	if !utf8.Valid(text) {
		return nil, nil, 0, malformed(InvalidHeader, "the header is not UTF-8")
	}
	if entries, metadata, err = parseHeader(text); err != nil {
		return nil, nil, 0, malformed(InvalidHeaderDeserialization, "the header is wrong: %v", err)
	}
	data = 8 + int64(n)
	return entries, metadata, data, validate(entries, uint64(size-data))
}

// validate checks that the tensors fill the data without holes or overlaps, in
// the order of their offsets, which it establishes.
func validate(entries []Entry, data uint64) error {
	slices.SortFunc(entries, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(a.begin, b.begin), cmp.Compare(a.end, b.end), cmp.Compare(a.Name, b.Name))
	})
	at := uint64(0)
	for _, e := range entries {
		if e.begin != at || e.end < e.begin {
			return malformed(InvalidOffset, "tensor %q should begin at byte %d of the data, but has bytes %d to %d", e.Name, at, e.begin, e.end)
		}
		at = e.end
		switch n, ok := e.bits(); {
		case !ok:
			return malformed(ValidationOverflow, "the size of tensor %q, %s %v, is no 64-bit number", e.Name, e.DType, e.Shape)
		case n%8 != 0:
			return malformed(MisalignedSlice, "tensor %q, %s %v, ends inside a byte", e.Name, e.DType, e.Shape)
		case n/8 != e.end-e.begin:
			return malformed(TensorInvalidInfo, "tensor %q, %s %v, takes %d bytes, but has %d", e.Name, e.DType, e.Shape, n/8, e.end-e.begin)
		}
	}
	if at != data {
		return malformed(MetadataIncompleteBuffer, "the tensors take %d bytes, but %d follow the header", at, data)
	}
	return nil
}

// bits is the size that the shape asks for; ok is false when it overflows.
func (e Entry) bits() (n uint64, ok bool) {
	n = 1
	for _, d := range e.Shape {
		high, low := bits.Mul64(n, d)
		if high != 0 {
			return 0, false
		}
		n = low
	}
	high, n := bits.Mul64(n, dtypes[e.DType].bits)
	return n, high == 0
}
