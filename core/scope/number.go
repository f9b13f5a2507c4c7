package scope

import (
	"encoding/json"
	"math"
)

// Number is a float64 that JSON can carry: what is not finite is null, and the
// struct that holds it says why in a field of its own.
type Number float64

func (n Number) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(n)) || math.IsInf(float64(n), 0) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(n))
}

// UnmarshalJSON reads null as NaN.
func (n *Number) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		*n = Number(math.NaN())
		return nil
	}
	return json.Unmarshal(b, (*float64)(n))
}

// Numbers is a slice of float64 whose JSON has null for what is not finite.
type Numbers []float64

func (v Numbers) MarshalJSON() ([]byte, error) {
	out := make([]Number, len(v))
	for i, x := range v {
		out[i] = Number(x)
	}
	return json.Marshal(out)
}
