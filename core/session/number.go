package session

import (
	"math"

	"rnnscope/core/scope"
)

// Number is a float64 that JSON can carry.
type Number = scope.Number

// why says what of a number JSON cannot carry, "" when it is finite.
func why(name string, n Number) string {
	switch {
	case math.IsNaN(float64(n)):
		return name + " is not a number"
	case math.IsInf(float64(n), 0):
		return name + " is infinite"
	}
	return ""
}
