package store

import (
	"encoding/binary"
	"math"
)

// opcodes are those that torch.save writes for tensors and dictionaries, with
// their names in Python's pickletools.
var opcodes = map[byte]func(*unpickler) error{
	0x80: counted(1, (*unpickler).protocol),                         // PROTO
	0x95: counted(8, func(*unpickler, uint64) error { return nil }), // FRAME

	'N':  constant(nil),                                                                             // NONE
	0x88: constant(true),                                                                            // NEWTRUE
	0x89: constant(false),                                                                           // NEWFALSE
	'K':  number(1, func(b []byte) any { return int64(b[0]) }),                                      // BININT1
	'M':  number(2, func(b []byte) any { return int64(binary.LittleEndian.Uint16(b)) }),             // BININT2
	'J':  number(4, func(b []byte) any { return int64(int32(binary.LittleEndian.Uint32(b))) }),      // BININT
	'G':  number(8, func(b []byte) any { return math.Float64frombits(binary.BigEndian.Uint64(b)) }), // BINFLOAT
	0x8a: counted(1, (*unpickler).long),                                                             // LONG1
	'X':  counted(4, (*unpickler).text),                                                             // BINUNICODE
	0x8c: counted(1, (*unpickler).text),                                                             // SHORT_BINUNICODE
	0x8d: counted(8, (*unpickler).text),                                                             // BINUNICODE8
	'U':  counted(1, (*unpickler).text),                                                             // SHORT_BINSTRING, of Python 2
	'T':  counted(4, (*unpickler).text),                                                             // BINSTRING

	'(':  constant(mark{}),                 // MARK
	'0':  (*unpickler).drop,                // POP
	')':  of((*unpickler).tuple, 0),        // EMPTY_TUPLE
	0x85: of((*unpickler).tuple, 1),        // TUPLE1
	0x86: of((*unpickler).tuple, 2),        // TUPLE2
	0x87: of((*unpickler).tuple, 3),        // TUPLE3
	't':  of((*unpickler).tuple, above),    // TUPLE
	']':  (*unpickler).emptyList,           // EMPTY_LIST
	'a':  of((*unpickler).appendTo, 1),     // APPEND
	'e':  of((*unpickler).appendTo, above), // APPENDS
	'}':  (*unpickler).emptyDict,           // EMPTY_DICT
	's':  of((*unpickler).setItems, 2),     // SETITEM
	'u':  of((*unpickler).setItems, above), // SETITEMS

	'q':  counted(1, (*unpickler).put), // BINPUT
	'r':  counted(4, (*unpickler).put), // LONG_BINPUT
	0x94: (*unpickler).memoize,         // MEMOIZE
	'h':  counted(1, (*unpickler).get), // BINGET
	'j':  counted(4, (*unpickler).get), // LONG_BINGET

	'c':  (*unpickler).global,      // GLOBAL
	0x93: (*unpickler).stackGlobal, // STACK_GLOBAL
	'Q':  (*unpickler).storage,     // BINPERSID
	'R':  (*unpickler).reduce,      // REDUCE
	'b':  (*unpickler).build,       // BUILD
}

// constant pushes a value.
func constant(v any) func(*unpickler) error {
	return func(u *unpickler) error { return u.push(v) }
}

// number pushes the value of the next n bytes.
func number(n int64, value func(b []byte) any) func(*unpickler) error {
	return func(u *unpickler) error {
		b, err := u.bytes(n)
		if err != nil {
			return err
		}
		return u.push(value(b))
	}
}

// counted hands the little-endian number in the next size bytes to use.
func counted(size int64, use func(*unpickler, uint64) error) func(*unpickler) error {
	return func(u *unpickler) error {
		b, err := u.bytes(size)
		if err != nil {
			return err
		}
		var wide [8]byte
		copy(wide[:], b)
		return use(u, binary.LittleEndian.Uint64(wide[:]))
	}
}

// above stands for the number of values above the topmost mark.
const above = -1

// of is do with the topmost n values.
func of(do func(*unpickler, int) error, n int) func(*unpickler) error {
	return func(u *unpickler) error { return do(u, n) }
}
