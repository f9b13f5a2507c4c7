package store

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"rnnscope/core/say"
)

// collector lists the tensors of an unpickled object.
type collector struct {
	places  map[string]place
	left    uint64 // bytes that tensors may still have
	seen    map[*dict]bool
	entries []Entry
}

// collect walks dictionaries in the order of their keys. One that is there
// twice counts where it is met first, which also ends circles.
func (c *collector) collect(way []string, v any) error {
	switch v := v.(type) {
	case *stored:
		return c.add(way, v)
	case *dict:
		if c.seen[v] {
			return nil
		}
		c.seen[v] = true
		if len(way) == mostNested {
			return say.Errorf("its dictionaries are nested more than %d deep", mostNested)
		}
		for _, key := range keysOf(v) {
			if err := c.collect(append(way, key.name), v.values[key.key]); err != nil {
				return err
			}
		}
	}
	return nil
}

type namedKey struct {
	name string
	key  any
}

// keysOf are the keys under which tensors and dictionaries are, sorted.
func keysOf(d *dict) []namedKey {
	var keys []namedKey
	for k, v := range d.values {
		switch v.(type) {
		case *stored, *dict:
			keys = append(keys, namedKey{fmt.Sprint(k), k})
		}
	}
	slices.SortFunc(keys, func(a, b namedKey) int {
		return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(fmt.Sprintf("%T", a.key), fmt.Sprintf("%T", b.key)))
	})
	return keys
}

// add makes a tensor an entry. Views of one storage may be many: together they
// may not be far larger than the file.
func (c *collector) add(way []string, t *stored) error {
	length := len(way)
	for _, part := range way {
		length += len(part)
	}
	if length > mostName {
		return say.Errorf("it has a tensor with a name of more than %d bytes", mostName)
	}
	name := strings.Join(way, ".")
	at, ok := c.places[t.storage.key]
	size := dtypes[t.storage.dtype].bits / 8
	if !ok || at.bytes/size < t.storage.elements {
		return say.Errorf("the storage of %s is missing or cut off", name)
	}
	count, last := uint64(1), t.offset
	for i, n := range t.shape {
		count *= n
		if n > 0 {
			last += (n - 1) * t.strides[i]
		}
	}
	if count*size > c.left {
		return say.Errorf("its tensors share storages so that together they are far larger than the file")
	}
	c.left -= count * size
	e := Entry{Name: name, DType: t.storage.dtype, Shape: t.shape, begin: at.begin + t.offset*size}
	e.end = e.begin
	if count > 0 {
		e.end = at.begin + (last+1)*size
	}
	if !contiguous(t.shape, t.strides) {
		e.strides = t.strides
	}
	c.entries = append(c.entries, e)
	return nil
}

// contiguous says whether elements are stored one after the other, the last
// dimension running fastest.
func contiguous(shape, strides []uint64) bool {
	run := uint64(1)
	for i, n := range slices.Backward(shape) {
		if n == 0 {
			return true
		}
		if n > 1 && strides[i] != run {
			return false
		}
		run *= n
	}
	return true
}
