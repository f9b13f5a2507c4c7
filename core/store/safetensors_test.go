package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"runtime"
	"strings"
	"testing"
)

// file is a safetensors file of that header and data.
func file(header, data string) []byte {
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(b, header...), data...)
}

func parse(b []byte) (*Tensors, error) { return parseTensors(bytes.NewReader(b), int64(len(b))) }

// entry is a header of one tensor.
func entry(dtype, shape, offsets string) string {
	return fmt.Sprintf(`{"test":{"dtype":"%s","shape":%s,"data_offsets":%s}}`, dtype, shape, offsets)
}

func TestMalformedFiles(t *testing.T) {
	var sharing []string
	for i := range 10 {
		sharing = append(sharing, fmt.Sprintf(`"weight_%d":{"dtype":"I32","shape":[2,2],"data_offsets":[0,16]}`, i))
	}
	sixteen := strings.Repeat("\x00", 16)
	json := InvalidHeaderDeserialization
	for _, c := range []struct {
		name string
		file []byte
		rule string
	}{
		// The reject vectors of the reference implementation.
		{"empty", nil, HeaderTooSmall},
		{"a length alone", []byte("\x3c\x00\x00\x00\x00\x00\x00\x00"), InvalidHeaderLength},
		{"a gigantic length", []byte("\x3c\x00\x00\x00\x00\xff\xff\xff"), HeaderTooLarge},
		{"not UTF-8", file("\xff", ""), InvalidHeader},
		{"half an object", file("{", ""), json},
		{"ten tensors in one place", file("{"+strings.Join(sharing, ",")+"}", sixteen), InvalidOffset},
		{"a shape larger than its bytes", file(entry("I32", "[2,2]", "[0,4]"), "\x00\x00\x00\x00"), TensorInvalidInfo},
		{"a shape beyond 64 bits", file(entry("I32", "[2,18446744073709551614]", "[0,16]"), sixteen), ValidationOverflow},
		{"a size beyond 64 bits", file(entry("I32", "[2,9223372036854775807]", "[0,16]"), sixteen), ValidationOverflow},
		{"bytes behind", file(entry("I32", "[2,2]", "[0,16]"), sixteen+"extra_bogus_data_for_polyglot_file"), MetadataIncompleteBuffer},
		{"two bytes missing", file(entry("I32", "[2,2]", "[0,16]"), sixteen[2:]), MetadataIncompleteBuffer},

		// Its rules at their borders.
		{"seven bytes", make([]byte, 7), HeaderTooSmall},
		{"a header of nothing", make([]byte, 8), json},
		{"one byte above the largest header", binary.LittleEndian.AppendUint64(nil, maxHeader+1), HeaderTooLarge},
		{"one byte less than the header", file("{}", "")[:9], InvalidHeaderLength},
		{"data that begin late", file(entry("U8", "[2]", "[1,3]"), "abc"), InvalidOffset},
		{"an end before its begin", file(`{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[1],"data_offsets":[2,1]}}`, "ab"), InvalidOffset},
		{"a hole", file(`{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}}`, "abc"), InvalidOffset},
		{"an overlap", file(`{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}`, "abc"), InvalidOffset},
		{"half a byte", file(entry("F4", "[3]", "[0,2]"), "ab"), MisalignedSlice},
		{"a shape smaller than its bytes", file(entry("U8", "[1]", "[0,2]"), "ab"), TensorInvalidInfo},

		// What encoding/json would let pass, and what it would not.
		{"a name twice", file(`{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}`, ""), json},
		{"a name twice, once escaped", file(`{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"\u0061":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}`, ""), json},
		{"metadata twice", file(`{"__metadata__":{},"__metadata__":{}}`, ""), json},
		{"a metadata key twice", file(`{"__metadata__":{"a":"1","a":"2"}}`, ""), json},
		{"dtype twice", file(`{"a":{"dtype":"U8","dtype":"U8","shape":[0],"data_offsets":[0,0]}}`, ""), json},
		{"shape twice", file(`{"a":{"dtype":"U8","shape":[0],"shape":[0],"data_offsets":[0,0]}}`, ""), json},
		{"offsets twice", file(`{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0],"data_offsets":[0,0]}}`, ""), json},
		{"DTYPE for dtype", file(`{"a":{"DTYPE":"U8","shape":[0],"data_offsets":[0,0]}}`, ""), json},
		{"u8 for U8", file(entry("u8", "[0]", "[0,0]"), ""), json},
		{"no dtype", file(`{"a":{"shape":[0],"data_offsets":[0,0]}}`, ""), json},
		{"no shape", file(`{"a":{"dtype":"U8","data_offsets":[0,0]}}`, ""), json},
		{"no offsets", file(`{"a":{"dtype":"U8","shape":[0]}}`, ""), json},
		{"one offset", file(entry("U8", "[0]", "[0]"), ""), json},
		{"three offsets", file(entry("U8", "[0]", "[0,0,0]"), ""), json},
		{"a fraction", file(entry("U8", "[1.0]", "[0,1]"), "a"), json},
		{"an exponent", file(entry("U8", "[1e0]", "[0,1]"), "a"), json},
		{"a negative size", file(entry("U8", "[-1]", "[0,1]"), "a"), json},
		{"minus zero", file(entry("U8", "[-0]", "[0,0]"), ""), json},
		{"a size of 65 bits", file(entry("U8", "[18446744073709551616]", "[0,1]"), "a"), json},
		{"a size in quotes", file(entry("U8", `["1"]`, "[0,1]"), "a"), json},
		{"a nested shape", file(entry("U8", "[[1]]", "[0,1]"), "a"), json},
		{"a shape of null", file(entry("U8", "null", "[0,0]"), ""), json},
		{"metadata that are no string", file(`{"__metadata__":{"epoch":3}}`, ""), json},
		{"metadata of null", file(`{"__metadata__":null}`, ""), json},
		{"a tensor of null", file(`{"a":null}`, ""), json},
		{"an array", file(`[]`, ""), json},
		{"two objects", file(`{}{}`, ""), json},
		{"a comma at the end", file(`{"__metadata__":{},}`, ""), json},
		{"padding with zero bytes", file("{}\x00\x00", ""), json},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := parse(c.file)
			var m *Malformed
			if !errors.As(err, &m) {
				t.Fatalf("got error %v, want %s", err, c.rule)
			}
			if m.Rule != c.rule {
				t.Errorf("got %s (%s), want %s", m.Rule, m.What, c.rule)
			}
		})
	}
}

func TestWellFormedFiles(t *testing.T) {
	for _, c := range []struct {
		name  string
		file  []byte
		count int
	}{
		{"no tensors, padded", file("{}      ", ""), 0},
		{"white space around", file("\n\t {} \r\n", ""), 0},
		{"a scalar", file(entry("I32", "[]", "[0,4]"), "\x00\x00\x00\x00"), 1},
		{"an empty tensor", file(entry("I32", "[2,0]", "[0,0]"), ""), 1},
		{"an empty tensor with a gigantic side", file(entry("I32", "[0,18446744073709551615]", "[0,0]"), ""), 1},
		{"halves of bytes that fill them", file(entry("F4", "[4]", "[0,2]"), "ab"), 1},
		{"sixes of bits that fill bytes", file(entry("F6_E2M3", "[4]", "[0,3]"), "abc"), 1},
		{"names in another order than data", file(`{"b":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}`, "abb"), 2},
		{"fields in another order, and more of them", file(`{"a":{"data_offsets":[0,1],"note":{"x":[1,{}]},"shape":[1],"dtype":"U8"}}`, "a"), 1},
		{"empty tensors between others", file(`{"c":{"dtype":"U8","shape":[1],"data_offsets":[1,2]},"b":{"dtype":"U8","shape":[0],"data_offsets":[1,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}`, "ac"), 3},
	} {
		f, err := parse(c.file)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		} else if len(f.Entries) != c.count {
			t.Errorf("%s: %d tensors, want %d", c.name, len(f.Entries), c.count)
		}
	}
}

func TestEveryDTypeIsKnown(t *testing.T) {
	const names = "BOOL F4 F6_E2M3 F6_E3M2 U8 I8 F8_E5M2 F8_E4M3 F8_E8M0 F8_E4M3FNUZ F8_E5M2FNUZ I16 U16 F16 BF16 I32 U32 F32 C64 F64 I64 U64"
	for _, name := range strings.Fields(names) {
		size := map[string]int{"F4": 4, "F6_E2M3": 6, "F6_E3M2": 6, "BOOL": 8}[name]
		for bits := 8; size == 0; bits *= 2 {
			if strings.Contains(name, fmt.Sprint(bits)) {
				size = bits
			}
		}
		f, err := parse(file(entry(name, "[8]", fmt.Sprintf("[0,%d]", size)), strings.Repeat("\x00", size)))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		_, err = f.Float32s("test")
		wanted := strings.Contains(" F64 F32 F16 BF16 ", " "+name+" ")
		if (err == nil) != wanted {
			t.Errorf("%s read as floats: error %v", name, err)
		}
		if err != nil && !strings.Contains(err.Error(), name) {
			t.Errorf("%s read as floats: %q does not name it", name, err)
		}
	}
}

func TestReadFloats(t *testing.T) {
	header := `{"d":{"dtype":"F64","shape":[2],"data_offsets":[0,16]},"f":{"dtype":"F32","shape":[2],"data_offsets":[16,24]},` +
		`"h":{"dtype":"F16","shape":[2],"data_offsets":[24,28]},"b":{"dtype":"BF16","shape":[2],"data_offsets":[28,32]}}`
	data := binary.LittleEndian.AppendUint64(nil, math.Float64bits(1.0/3))
	data = binary.LittleEndian.AppendUint64(data, math.Float64bits(-2))
	data = binary.LittleEndian.AppendUint32(data, math.Float32bits(1.0/3))
	data = binary.LittleEndian.AppendUint32(data, math.Float32bits(-2))
	data = append(data, 0x55, 0x35, 0x00, 0xc0, 0xab, 0x3e, 0x00, 0xc0)
	f, err := parse(file(header, string(data)))
	if err != nil {
		t.Fatal(err)
	}
	third := float64(float32(1.0 / 3))
	for name, want := range map[string][]float64{"d": {1.0 / 3, -2}, "f": {third, -2}, "h": {0.333251953125, -2}, "b": {0.333984375, -2}} {
		single, err := f.Float32s(name)
		if err != nil || len(single) != 2 || single[0] != float32(want[0]) || single[1] != -2 {
			t.Errorf("Float32s of %s: got %v (%v), want %v", name, single, err, want)
		}
	}

	beyond := binary.LittleEndian.AppendUint64(nil, math.Float64bits(1e300))
	beyond = binary.LittleEndian.AppendUint64(beyond, math.Float64bits(math.Inf(1)))
	f, err = parse(file(entry("F64", "[2]", "[0,16]"), string(beyond)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Float32s("test"); err == nil || !strings.Contains(err.Error(), "1e+300") {
		t.Errorf("1e300 as float32: error %v, want one that names it", err)
	}
}

// The file of a known tensor, byte by byte.
func TestWrittenBytes(t *testing.T) {
	var b bytes.Buffer
	err := writeTensors(&b, []Tensor{{"b", []int{1}, []float32{1}}, {"a<&>", nil, []float32{-2}}, {"c", []int{3, 0}, nil}}, map[string]string{"y": "2", "x": "1"})
	if err != nil {
		t.Fatal(err)
	}
	header := `{"__metadata__":{"x":"1","y":"2"},"a<&>":{"dtype":"F32","shape":[],"data_offsets":[0,4]},` +
		`"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},"c":{"dtype":"F32","shape":[3,0],"data_offsets":[8,8]}}`
	header += strings.Repeat(" ", (8-len(header)%8)%8)
	if want := file(header, "\x00\x00\x00\xc0\x00\x00\x80\x3f"); !bytes.Equal(b.Bytes(), want) {
		t.Errorf("got  %q\nwant %q", b.Bytes(), want)
	}
}

func TestWriteThenRead(t *testing.T) {
	long := make([]float32, 3*8192+5) // more than a piece of reading
	for i := range long {
		long[i] = math.Float32frombits(uint32(i) * 0x9e3779b1)
	}
	want := []Tensor{{"long", []int{len(long)}, long}, {"matrix \"é\\\n", []int{2, 3}, []float32{1, 2, 3, 4, 5, 6}}, {"scalar", nil, []float32{7}}}
	meta := map[string]string{"state": `{"a":"<é>"}`}
	var b bytes.Buffer
	if err := writeTensors(&b, want, meta); err != nil {
		t.Fatal(err)
	}
	if n := binary.LittleEndian.Uint64(b.Bytes()); n%8 != 0 {
		t.Errorf("data begin at byte %d, no multiple of 8", 8+n)
	}
	f, err := parse(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if f.Metadata["state"] != meta["state"] || len(f.Metadata) != 1 {
		t.Errorf("metadata: got %v, want %v", f.Metadata, meta)
	}
	for _, w := range want {
		e, ok := f.Lookup(w.Name)
		if !ok || fmt.Sprint(e.Shape) != fmt.Sprint(w.Shape) {
			t.Errorf("%q: shape %v (%v), want %v", w.Name, e.Shape, ok, w.Shape)
			continue
		}
		got, err := f.Float32s(w.Name)
		if err != nil || len(got) != len(w.Data) {
			t.Errorf("%q: %d values (%v), want %d", w.Name, len(got), err, len(w.Data))
			continue
		}
		for i := range got {
			if same := math.Float32bits(got[i]) == math.Float32bits(w.Data[i]); !same && got[i] == got[i] {
				t.Fatalf("%q[%d]: got %v, want %v", w.Name, i, got[i], w.Data[i])
			}
		}
	}
}

// allocated is how many bytes f allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// allowedStack is what encoding/json takes for ten thousand open brackets, its
// limit.
const allowedStack = 512 << 10

func TestAllocationIsBoundedByTheFile(t *testing.T) {
	claims := []struct {
		name string
		file []byte
	}{
		{"a header of 100 MB", binary.LittleEndian.AppendUint64(nil, maxHeader)},
		{"a tensor of 2^60 elements", file(entry("F32", "[1152921504606846976]", "[0,4611686018427387904]"), "abcd")},
		{"an empty tensor with a gigantic side", file(entry("F32", "[0,1152921504606846976]", "[0,0]"), "")},
	}
	for _, c := range claims {
		got := allocated(func() {
			if f, err := parse(c.file); err == nil {
				f.Float32s("test")
			}
		})
		if got > 64<<10 {
			t.Errorf("%s: a file of %d bytes made the reader allocate %d", c.name, len(c.file), got)
		}
	}
	// Headers that say much in few bytes.
	var entries []string
	for i := range 20_000 {
		entries = append(entries, fmt.Sprintf(`"%d":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}`, i))
	}
	for name, header := range map[string]string{
		"many tensors":  "{" + strings.Join(entries, ",") + "}",
		"many sides":    entry("U8", "[0"+strings.Repeat(",0", 500_000)+"]", "[0,0]"),
		"many brackets": `{"a":` + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + "}",
		"a long name":   `{"` + strings.Repeat("n", 1<<20) + `":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}`,
	} {
		b := file(header, "")
		if got := allocated(func() { parse(b) }); got > uint64(allowedShare*len(b)+allowedStack) {
			t.Errorf("%s: a file of %d bytes made the reader allocate %d", name, len(b), got)
		} else {
			t.Logf("%s: %.1f bytes allocated for each of the file", name, float64(got)/float64(len(b)))
		}
	}
}

func FuzzSafetensors(f *testing.F) {
	f.Add(file(entry("F32", "[2,2]", "[0,16]"), strings.Repeat("\x01", 16)))
	f.Add(file(`{"__metadata__":{"a":"b"},"x":{"dtype":"BF16","shape":[1],"data_offsets":[0,2]},"y":{"dtype":"F64","shape":[],"data_offsets":[2,10]}}   `, "0123456789"))
	f.Add(file("{}", ""))
	f.Fuzz(func(t *testing.T, b []byte) {
		if n := allocated(func() { parse(b) }); n > uint64(allowedShare*len(b)+allowedStack) {
			t.Errorf("a file of %d bytes made the reader allocate %d", len(b), n)
		}
		file, err := parse(b)
		if err != nil {
			var m *Malformed
			if !errors.As(err, &m) {
				t.Fatalf("the error of a file in memory is %T, %v", err, err)
			}
			return
		}
		total := uint64(0)
		var tensors []Tensor
		for _, e := range file.Entries {
			total += e.end - e.begin
			values, err := file.Float32s(e.Name)
			if err != nil {
				continue
			}
			var shape []int
			n := uint64(1)
			for _, d := range e.Shape {
				n *= d
				shape = append(shape, int(d))
			}
			if n != uint64(len(values)) {
				t.Fatalf("%q %v: %d values", e.Name, e.Shape, len(values))
			}
			tensors = append(tensors, Tensor{e.Name, shape, values})
		}
		if uint64(file.data)+total != uint64(len(b)) {
			t.Fatalf("tensors of %d bytes from byte %d on in a file of %d", total, file.data, len(b))
		}
		var out bytes.Buffer
		if err := writeTensors(&out, tensors, file.Metadata); err != nil {
			t.Fatal(err)
		}
		again, err := parse(out.Bytes())
		if err != nil {
			t.Fatalf("written anew: %v", err)
		}
		for _, w := range tensors {
			got, err := again.Float32s(w.Name)
			if err != nil {
				t.Fatal(err)
			}
			for i := range got {
				if math.Float32bits(got[i]) != math.Float32bits(w.Data[i]) {
					t.Fatalf("%q[%d]: got %x, want %x", w.Name, i, math.Float32bits(got[i]), math.Float32bits(w.Data[i]))
				}
			}
		}
	})
}
