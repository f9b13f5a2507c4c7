package store

import (
	"encoding/binary"
	"math"
)

// dtype is a type of safetensors' elements. Types without floats are known by
// their size only: a file may hold them, a model may not.
type dtype struct {
	bits   uint64
	floats func(dst []float64, src []byte) // src holds len(dst) elements
}

var dtypes = map[string]dtype{
	"F64":  {64, func(dst []float64, src []byte) { each(dst, src, binary.LittleEndian.Uint64, math.Float64frombits) }},
	"F32":  {32, func(dst []float64, src []byte) { each(dst, src, binary.LittleEndian.Uint32, single) }},
	"F16":  {16, func(dst []float64, src []byte) { each(dst, src, binary.LittleEndian.Uint16, half) }},
	"BF16": {16, func(dst []float64, src []byte) { each(dst, src, binary.LittleEndian.Uint16, brain) }},

	"BOOL": {bits: 8}, "U8": {bits: 8}, "I8": {bits: 8},
	"U16": {bits: 16}, "I16": {bits: 16},
	"U32": {bits: 32}, "I32": {bits: 32},
	"U64": {bits: 64}, "I64": {bits: 64},
	"C64": {bits: 64},
	"F4":  {bits: 4}, "F6_E2M3": {bits: 6}, "F6_E3M2": {bits: 6},
	"F8_E5M2": {bits: 8}, "F8_E4M3": {bits: 8}, "F8_E8M0": {bits: 8},
	"F8_E4M3FNUZ": {bits: 8}, "F8_E5M2FNUZ": {bits: 8},
}

// each reads dst from the little-endian elements of src.
func each[bits uint16 | uint32 | uint64](dst []float64, src []byte, load func([]byte) bits, value func(bits) float64) {
	size := len(src) / max(1, len(dst))
	for i := range dst {
		dst[i] = value(load(src[i*size:]))
	}
}

func single(b uint32) float64 { return float64(math.Float32frombits(b)) }

// brain is bfloat16: the upper half of a float32.
func brain(b uint16) float64 { return single(uint32(b) << 16) }

// half is IEEE 754 binary16: sign, 5 bits of exponent, 10 of fraction.
func half(b uint16) float64 {
	exponent, fraction := int(b>>10&31), float64(b&1023)
	var x float64
	switch exponent {
	case 0:
		x = math.Ldexp(fraction, -24)
	case 31:
		x = math.Inf(1)
		if fraction != 0 {
			x = math.NaN()
		}
	default:
		x = math.Ldexp(1024+fraction, exponent-25)
	}
	if b>>15 == 1 {
		x = -x
	}
	return x
}
