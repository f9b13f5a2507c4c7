package store

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"

	"rnnscope/core/say"
)

// Tensor is one named float32 tensor to be written.
type Tensor struct {
	Name  string
	Shape []int
	Data  []float32
}

// writeTensors writes a safetensors file of F32 tensors, by name, with the
// header padded so that data begin at a multiple of 8. It panics when a
// tensor's shape is not that of its data, and when two have the same name.
func writeTensors(w io.Writer, tensors []Tensor, metadata map[string]string) error {
	sorted := slices.Clone(tensors)
	slices.SortFunc(sorted, func(a, b Tensor) int { return cmp.Compare(a.Name, b.Name) })
	header := header(sorted, metadata)
	if len(header) > maxHeader {
		return say.Errorf("the header would have %d bytes; the format allows %d", len(header), maxHeader)
	}
	out := bufio.NewWriterSize(w, 1<<16)
	if err := binary.Write(out, binary.LittleEndian, uint64(len(header))); err != nil {
		return err
	}
	if _, err := out.Write(header); err != nil {
		return err
	}
	for _, t := range sorted {
		for rest := t.Data; len(rest) > 0; {
			if out.Available() < 4 {
				if err := out.Flush(); err != nil {
					return err
				}
			}
			n, b := min(len(rest), out.Available()/4), out.AvailableBuffer()
			for _, x := range rest[:n] {
				b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
			}
			if _, err := out.Write(b); err != nil {
				return err
			}
			rest = rest[n:]
		}
	}
	return out.Flush()
}

// header is the JSON before the data of tensors in that order.
func header(tensors []Tensor, metadata map[string]string) []byte {
	var b bytes.Buffer
	field := func(name string, value any) {
		if b.Len() > 0 {
			b.WriteByte(',')
		}
		b.Write(encode(name))
		b.WriteByte(':')
		b.Write(encode(value))
	}
	if len(metadata) > 0 {
		field("__metadata__", metadata) // encoding/json sorts the keys
	}
	at := 0
	for i, t := range tensors {
		n := 1
		for _, d := range t.Shape {
			n *= d
		}
		if n != len(t.Data) || i > 0 && tensors[i-1].Name == t.Name {
			panic(fmt.Sprintf("store: writeTensors: tensor %q, shape %v, %d values", t.Name, t.Shape, len(t.Data)))
		}
		field(t.Name, struct {
			DType   string `json:"dtype"`
			Shape   []int  `json:"shape"`
			Offsets [2]int `json:"data_offsets"`
		}{"F32", append([]int{}, t.Shape...), [2]int{at, at + 4*n}})
		at += 4 * n
	}
	text := append(append([]byte{'{'}, b.Bytes()...), '}')
	for len(text)%8 != 0 {
		text = append(text, ' ')
	}
	return text
}

// encode is v as JSON that leaves <, > and & as they are.
func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic("store: " + err.Error())
	}
	return bytes.TrimSuffix(b.Bytes(), []byte{'\n'})
}
