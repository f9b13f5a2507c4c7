package store

import (
	"bufio"
	"io"
	"slices"

	"rnnscope/core/say"
)

// unpickler runs the program that a Python pickle is, as far as torch.save's
// files of tensors need it. A pickle may name any function of Python's and have
// it called; this machine knows a table of names and can make nothing but
//
//	dict        dictionaries, ordered ones too
//	sequence    tuples, and lists, whose contents are forgotten
//	stored      tensors: a piece of a storage, and how it is seen
//	string, int64, bool, float64, nil
//
// Any other name ends it with an error that says the name. What it makes is
// paid for out of memory, which is a small multiple of the file's size.
type unpickler struct {
	r      *bufio.Reader
	left   int64 // bytes of the pickle's file not read yet
	memory int64 // bytes that may still be allocated

	keep     bool       // lists keep their items
	storages []*storage // all that were met

	stack []any
	memo  []any
}

// A dict is a Python dictionary, by string or int64.
type dict struct{ values map[any]any }

// A sequence is a tuple. Lists are sequences without items.
type sequence struct{ items []any }

// A mark is what a MARK leaves on the stack, a global a name of Python's table.
type (
	mark   struct{}
	global string
)

const (
	mostStacked = 1 << 14 // values at once: pickles add to dictionaries in batches of 1,000
	mostMoved   = 1 << 26 // bytes of one string

	// What Go needs for each, with the growth of what holds it.
	costMemo, costDict, costItem, costTensor = 40, 96, 112, 320
)

// load reads one pickle and returns its value.
func (u *unpickler) load() (any, error) {
	u.stack, u.memo = u.stack[:0], u.memo[:0]
	for {
		op, err := u.byte()
		if err != nil {
			return nil, err
		}
		if op == '.' { // STOP
			return u.pop()
		}
		do, known := opcodes[op]
		if !known {
			return nil, say.Errorf("the pickle has the instruction %#02x, which no file of tensors needs", op)
		}
		if err := do(u); err != nil {
			return nil, err
		}
	}
}

var errPickleEnds = say.Errorf("the pickle ends in the middle")
var errPickleOrder = say.Errorf("the pickle's instructions do not go together")

func (u *unpickler) protocol(n uint64) error {
	const latest = 5
	if n > latest {
		return say.Errorf("the pickle has protocol %d; the latest is %d", n, latest)
	}
	return nil
}

func (u *unpickler) drop() error {
	_, err := u.pop()
	return err
}

func (u *unpickler) emptyList() error {
	if err := u.spend(costMemo); err != nil {
		return err
	}
	return u.push(&sequence{})
}

func (u *unpickler) emptyDict() error {
	d, err := u.dict()
	if err != nil {
		return err
	}
	return u.push(d)
}

func (u *unpickler) memoize() error { return u.put(uint64(len(u.memo))) }

// spend takes what is about to be allocated out of the memory allowed.
func (u *unpickler) spend(n int64) error {
	if u.memory -= n; u.memory < 0 {
		return say.Errorf("the pickle needs far more memory than the file has bytes")
	}
	return nil
}

func (u *unpickler) byte() (byte, error) {
	b, err := u.r.ReadByte()
	if err != nil {
		return 0, ended(err)
	}
	u.left--
	return b, nil
}

// bytes reads the next n bytes.
func (u *unpickler) bytes(n int64) ([]byte, error) {
	if n > u.left || n > mostMoved {
		return nil, errPickleEnds
	}
	if err := u.spend(n); n > 8 && err != nil {
		return nil, err
	}
	b := make([]byte, n)
	if _, err := io.ReadFull(u.r, b); err != nil {
		return nil, ended(err)
	}
	u.left -= n
	return b, nil
}

// ended is the error of a read, in words when it came to the end.
func ended(err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return errPickleEnds
	}
	return err
}

func (u *unpickler) push(v any) error {
	if len(u.stack) >= mostStacked {
		return say.Errorf("the pickle holds more than %d values at once", mostStacked)
	}
	u.stack = append(u.stack, v)
	return nil
}

// pop takes the topmost value, which must not be a mark.
func (u *unpickler) pop() (any, error) {
	n := len(u.stack) - 1
	if n < 0 || u.stack[n] == (mark{}) {
		return nil, errPickleOrder
	}
	v := u.stack[n]
	u.stack = u.stack[:n]
	return v, nil
}

// popMark takes what is above the topmost mark, and the mark. The result is
// good until the next push.
func (u *unpickler) popMark() ([]any, error) {
	for i, v := range slices.Backward(u.stack) {
		if _, is := v.(mark); is {
			above := u.stack[i+1:]
			u.stack = u.stack[:i]
			return above, nil
		}
	}
	return nil, errPickleOrder
}

func (u *unpickler) text(n uint64) error {
	if n > mostMoved {
		return errPickleEnds
	}
	b, err := u.bytes(int64(n))
	if err != nil {
		return err
	}
	if err := u.spend(int64(n) + 32); err != nil {
		return err
	}
	return u.push(string(b))
}

// long reads an integer of n bytes, which keeps the lowest eight: the numbers
// that count here are no larger, and torch.save's magic number is compared so.
func (u *unpickler) long(n uint64) error {
	b, err := u.bytes(int64(n))
	if err != nil {
		return err
	}
	var v uint64
	for i := range 8 {
		switch {
		case i < len(b):
			v |= uint64(b[i]) << (8 * i)
		case len(b) > 0 && b[len(b)-1] >= 0x80:
			v |= 0xff << (8 * i)
		}
	}
	return u.push(int64(v))
}

// popMany takes the topmost n values, or those above the topmost mark and the
// mark. The result is good until the next push.
func (u *unpickler) popMany(n int) ([]any, error) {
	if n == above {
		return u.popMark()
	}
	at := len(u.stack) - n
	if at < 0 || slices.Contains(u.stack[at:], any(mark{})) {
		return nil, errPickleOrder
	}
	items := u.stack[at:]
	u.stack = u.stack[:at]
	return items, nil
}

// tuple makes a tuple of the topmost n values.
func (u *unpickler) tuple(n int) error {
	items, err := u.popMany(n)
	if err != nil {
		return err
	}
	if err := u.spend(costMemo + 16*int64(len(items))); err != nil {
		return err
	}
	return u.push(&sequence{slices.Clone(items)})
}

func (u *unpickler) dict() (*dict, error) {
	return &dict{map[any]any{}}, u.spend(costDict)
}

// appendTo adds n values to the list below them.
func (u *unpickler) appendTo(n int) error {
	items, err := u.popMany(n)
	if err != nil {
		return err
	}
	if len(u.stack) == 0 {
		return errPickleOrder
	}
	list, is := u.stack[len(u.stack)-1].(*sequence)
	if !is {
		return errPickleOrder
	}
	if u.keep {
		list.items = append(list.items, items...)
		return u.spend(3 * 16 * int64(len(items)))
	}
	return nil
}

// setItems adds n values, key and value in turn, to the dictionary below them.
func (u *unpickler) setItems(n int) error {
	items, err := u.popMany(n)
	if err != nil {
		return err
	}
	if len(items)%2 != 0 || len(u.stack) == 0 {
		return errPickleOrder
	}
	d, is := u.stack[len(u.stack)-1].(*dict)
	if !is {
		return errPickleOrder
	}
	for i := 0; i+1 < len(items); i += 2 {
		switch items[i].(type) {
		case string, int64, bool, float64, nil:
		default:
			return say.Errorf("the pickle has a dictionary whose keys are neither strings nor numbers")
		}
		if err := u.spend(costItem); err != nil {
			return err
		}
		d.values[items[i]] = items[i+1]
	}
	return nil
}

// put remembers the topmost value. Python counts its memos up.
func (u *unpickler) put(n uint64) error {
	if len(u.stack) == 0 || n > uint64(len(u.memo)) {
		return errPickleOrder
	}
	v := u.stack[len(u.stack)-1]
	if n < uint64(len(u.memo)) {
		u.memo[n] = v
		return nil
	}
	u.memo = append(u.memo, v)
	return u.spend(costMemo)
}

func (u *unpickler) get(n uint64) error {
	if n >= uint64(len(u.memo)) {
		return errPickleOrder
	}
	return u.push(u.memo[n])
}
