package picture

import (
	"cmp"
	"encoding/binary"
	"errors"
	"io"
	"slices"

	"golang.org/x/image/font/sfnt"

	"rnnscope/core/say"
)

// openFont returns the first font of a file. Some files in wide use, WenQuanYi's
// among them, have tables that do not begin at multiples of four, which sfnt
// refuses: their tables are laid out anew in memory.
func openFont(r io.ReaderAt) (*sfnt.Font, error) {
	all, err := sfnt.ParseCollectionReaderAt(r) // a single font is a collection of one
	if err == nil {
		var f *sfnt.Font
		if f, err = all.Font(0); err == nil {
			return f, nil
		}
	}
	data, repackErr := repacked(r)
	if repackErr != nil {
		return nil, errors.Join(err, repackErr)
	}
	return sfnt.Parse(data)
}

// neededTables are those that glyphs and their widths are in.
var neededTables = []string{"CFF ", "OS/2", "cmap", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "name", "post"}

// The limits within which a font is read into memory.
const (
	mostTables    = 256
	largestTables = 64 << 20 // bytes, all together
)

// repacked returns the needed tables of a file's first font as a font file, as
// the OpenType specification's "Organization of an OpenType Font" has it.
func repacked(r io.ReaderAt) ([]byte, error) {
	at := func(offset, n int64) ([]byte, error) { // which grows as it is read
		b, err := io.ReadAll(io.NewSectionReader(r, offset, n))
		if err == nil && int64(len(b)) < n {
			err = io.ErrUnexpectedEOF
		}
		return b, err
	}
	head, err := at(0, 16)
	if err != nil {
		return nil, err
	}
	start := int64(0)
	if string(head[:4]) == "ttcf" {
		start = int64(binary.BigEndian.Uint32(head[12:]))
		if head, err = at(start, 12); err != nil {
			return nil, err
		}
	}
	n := int64(binary.BigEndian.Uint16(head[4:]))
	if n == 0 || n > mostTables {
		return nil, say.Errorf("not a font")
	}
	records, err := at(start+12, 16*n)
	if err != nil {
		return nil, err
	}
	type table struct {
		tag          string
		offset, size int64
	}
	var tables []table
	total := int64(0)
	for ; len(records) > 0; records = records[16:] {
		t := table{string(records[:4]), int64(binary.BigEndian.Uint32(records[8:])), int64(binary.BigEndian.Uint32(records[12:]))}
		if !slices.Contains(neededTables, t.tag) {
			continue
		}
		if total += t.size; total > largestTables {
			return nil, say.Errorf("the font is too large")
		}
		tables = append(tables, t)
	}
	slices.SortFunc(tables, func(a, b table) int { return cmp.Compare(a.tag, b.tag) })
	out := make([]byte, 0, int(total)+12+20*len(tables))
	out = append(out, head[:4]...)
	out = binary.BigEndian.AppendUint16(out, uint16(len(tables)))
	out = append(out, 0, 0, 0, 0, 0, 0) // for a binary search, which nobody here does
	offset := int64(12 + 16*len(tables))
	for _, t := range tables {
		out = append(out, t.tag...)
		out = binary.BigEndian.AppendUint32(out, 0) // the checksum, which is not read
		out = binary.BigEndian.AppendUint32(out, uint32(offset))
		out = binary.BigEndian.AppendUint32(out, uint32(t.size))
		offset += (t.size + 3) &^ 3
	}
	for _, t := range tables {
		data, err := at(t.offset, t.size)
		if err != nil {
			return nil, err
		}
		out = append(out, data...)
		for len(out)%4 != 0 {
			out = append(out, 0)
		}
	}
	return out, nil
}
