package store

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"rnnscope/core/say"
)

// parseHeader reads the header's JSON. encoding/json keeps the last of two
// equal keys, takes "DTYPE" for "dtype" and rounds numbers to float64; this
// format allows none of that, so the text is walked by hand, once it is known to
// be JSON. Room is made once, for as many tensors as the text can have: a header
// that says much in few bytes takes no more memory than a small multiple of it.
func parseHeader(header []byte) ([]Entry, map[string]string, error) {
	if !json.Valid(header) {
		return nil, nil, say.Errorf("it is not JSON")
	}
	w := &walker{rest: header}
	most := bytes.Count(header, []byte(`"data_offsets"`))
	entries := make([]Entry, 0, most)
	seen := make(map[string]bool, most)
	var metadata map[string]string
	err := w.object(func(name string) error {
		if seen[name] {
			return say.Errorf("%q is there twice", name)
		}
		seen[name] = true
		if name == "__metadata__" {
			metadata = map[string]string{}
			return w.object(func(key string) error {
				if _, twice := metadata[key]; twice {
					return say.Errorf("metadata %q is there twice", key)
				}
				value, err := w.text()
				metadata[key] = value
				return err
			})
		}
		e := Entry{Name: name}
		err := e.parse(w)
		entries = append(entries, e)
		return err
	})
	return entries, metadata, err
}

// parse reads the description of a tensor. Fields that the format does not
// know are passed over, as the reference implementation does.
func (e *Entry) parse(w *walker) error {
	var offsets [2]uint64
	var placed bool
	err := w.object(func(field string) (err error) {
		twice := false
		switch field {
		case "dtype":
			twice = e.DType != ""
			var name string
			if name, err = w.text(); err == nil {
				if e.DType = knownType(name); e.DType == "" {
					err = say.Errorf("unknown dtype %q", name)
				}
			}
		case "shape":
			twice = e.Shape != nil
			e.Shape, err = w.integers()
		case "data_offsets":
			twice = placed
			var list []uint64
			if list, err = w.integers(); err == nil {
				if len(list) != 2 {
					return say.Errorf("data_offsets are %v, not a begin and an end", list)
				}
				offsets, placed = [2]uint64(list), true
			}
		default:
			w.skip()
		}
		if err == nil && twice {
			err = say.Errorf("%s is there twice", field)
		}
		return err
	})
	if err == nil && (e.DType == "" || e.Shape == nil || !placed) {
		err = say.Errorf("it needs dtype, shape and data_offsets")
	}
	if err != nil {
		return say.Errorf("tensor %q: %w", e.Name, err)
	}
	e.begin, e.end = offsets[0], offsets[1]
	return nil
}

// knownType is the name of a type as the table has it, so that it is kept once.
func knownType(name string) string {
	for known := range dtypes {
		if known == name {
			return known
		}
	}
	return ""
}

// walker reads valid JSON from the front.
type walker struct{ rest []byte }

// next is the first byte of the next value or sign, 0 at the end.
func (w *walker) next() byte {
	w.rest = bytes.TrimLeft(w.rest, " \t\r\n")
	if len(w.rest) == 0 {
		return 0
	}
	return w.rest[0]
}

// take passes over a sign, if it is the next.
func (w *walker) take(sign byte) bool {
	if w.next() != sign {
		return false
	}
	w.rest = w.rest[1:]
	return true
}

// object reads an object; visit reads the value of each key.
func (w *walker) object(visit func(key string) error) error {
	if !w.take('{') {
		return say.Errorf("%.20s in place of an object", w.value())
	}
	for !w.take('}') {
		key, err := w.text()
		if err != nil {
			return err
		}
		w.take(':')
		if err := visit(key); err != nil {
			return err
		}
		w.take(',')
	}
	return nil
}

// text reads a string.
func (w *walker) text() (string, error) {
	if w.next() != '"' {
		return "", say.Errorf("%.20s in place of a string", w.value())
	}
	quoted := w.value()
	inside := quoted[1 : len(quoted)-1]
	if bytes.IndexByte(inside, '\\') < 0 {
		return string(inside), nil
	}
	var s string
	err := json.Unmarshal(quoted, &s)
	return s, err
}

// integers reads an array of non-negative integers; an empty one is not nil.
func (w *walker) integers() ([]uint64, error) {
	raw := w.value()
	if raw[0] != '[' {
		return nil, say.Errorf("%.20s in place of an array", raw)
	}
	inside := string(raw[1 : len(raw)-1])
	if strings.Trim(inside, " \t\r\n") == "" {
		return []uint64{}, nil
	}
	list := make([]uint64, 0, 1+strings.Count(inside, ","))
	for item := range strings.SplitSeq(inside, ",") {
		n, err := strconv.ParseUint(strings.Trim(item, " \t\r\n"), 10, 64)
		if err != nil {
			return nil, say.Errorf("%.20s in place of a non-negative integer", item)
		}
		list = append(list, n)
	}
	return list, nil
}

func (w *walker) skip() { w.value() }

// value passes over the next value and returns its text.
func (w *walker) value() []byte {
	w.next()
	depth, quoted := 0, false
	for i := 0; i < len(w.rest); i++ {
		end := false
		switch b := w.rest[i]; {
		case quoted && b == '\\':
			i++
		case b == '"':
			quoted = !quoted
			end = !quoted && depth == 0
		case quoted:
		case b == '{' || b == '[':
			depth++
		case b == '}' || b == ']':
			if depth == 0 { // after a number that ends its object
				return w.cut(i)
			}
			depth--
			end = depth == 0
		case depth == 0 && (b == ',' || b == ' ' || b == '\t' || b == '\r' || b == '\n'):
			return w.cut(i)
		}
		if end {
			return w.cut(i + 1)
		}
	}
	return w.cut(len(w.rest))
}

// cut takes the first n bytes.
func (w *walker) cut(n int) []byte {
	out := w.rest[:n]
	w.rest = w.rest[n:]
	return out
}
