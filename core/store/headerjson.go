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
// format allows none of that, so the tokens are walked one by one.
func parseHeader(header []byte) ([]Entry, map[string]string, error) {
	if !json.Valid(header) {
		return nil, nil, say.Errorf("it is not JSON")
	}
	d := json.NewDecoder(bytes.NewReader(header))
	var entries []Entry
	var metadata map[string]string
	seen := map[string]bool{}
	err := object(d, func(name string) error {
		if seen[name] {
			return say.Errorf("%q is there twice", name)
		}
		seen[name] = true
		if name == "__metadata__" {
			metadata = map[string]string{}
			return object(d, func(key string) error {
				if _, twice := metadata[key]; twice {
					return say.Errorf("metadata %q is there twice", key)
				}
				value, err := text(d)
				metadata[key] = value
				return err
			})
		}
		e := Entry{Name: name}
		err := e.parse(d)
		entries = append(entries, e)
		return err
	})
	return entries, metadata, err
}

// parse reads the description of a tensor. Fields that the format does not
// know are passed over, as the reference implementation does.
func (e *Entry) parse(d *json.Decoder) error {
	var offsets []uint64
	err := object(d, func(field string) (err error) {
		twice := false
		switch field {
		case "dtype":
			twice = e.DType != ""
			e.DType, err = text(d)
			if _, known := dtypes[e.DType]; err == nil && !known {
				err = say.Errorf("unknown dtype %q", e.DType)
			}
		case "shape":
			twice = e.Shape != nil
			e.Shape, err = integers(d)
		case "data_offsets":
			twice = offsets != nil
			offsets, err = integers(d)
		default:
			var other json.RawMessage
			err = d.Decode(&other)
		}
		if err == nil && twice {
			err = say.Errorf("%s is there twice", field)
		}
		return err
	})
	switch {
	case err != nil:
	case e.DType == "" || e.Shape == nil || offsets == nil:
		err = say.Errorf("it needs dtype, shape and data_offsets")
	case len(offsets) != 2:
		err = say.Errorf("data_offsets are %v, not a begin and an end", offsets)
	default:
		e.begin, e.end = offsets[0], offsets[1]
		return nil
	}
	return say.Errorf("tensor %q: %w", e.Name, err)
}

// object reads an object; visit reads the value of each key.
func object(d *json.Decoder, visit func(key string) error) error {
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return say.Errorf("%v in place of an object", t)
	}
	for d.More() {
		key, err := text(d)
		if err != nil {
			return err
		}
		if err := visit(key); err != nil {
			return err
		}
	}
	_, err := d.Token()
	return err
}

// text reads a string.
func text(d *json.Decoder) (string, error) {
	t, err := d.Token()
	s, ok := t.(string)
	if err != nil || !ok {
		return "", say.Errorf("%v in place of a string", t)
	}
	return s, nil
}

// integers reads an array of non-negative integers; an empty one is not nil.
func integers(d *json.Decoder) ([]uint64, error) {
	var raw json.RawMessage
	if err := d.Decode(&raw); err != nil {
		return nil, err
	}
	inside, open := strings.CutPrefix(string(raw), "[")
	inside, closed := strings.CutSuffix(inside, "]")
	if !open || !closed {
		return nil, say.Errorf("%.20s in place of an array", raw)
	}
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
