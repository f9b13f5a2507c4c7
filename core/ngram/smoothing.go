package ngram

import (
	"math"
	"strconv"
	"strings"

	"rnnscope/core/say"
)

// Smoothing says how counts become probabilities.
type Smoothing struct {
	Name string
	K    float64 // of add: what is added to every count
}

// smoothings is the table of them all; each estimates a model whose levels are
// made. A new one is a line here and a file.
var smoothings = []struct {
	name, title string
	estimate    func(m *Model)
}{
	{"mle", "maximum likelihood", estimateAdditive},
	{"add", "add k (Lidstone; k = 1 is Laplace)", estimateAdditive},
	{"katz", "Katz back-off with Good-Turing discounts", estimateKatz},
	{"absolute", "interpolated absolute discounting", estimateAbsolute},
	{"kn", "interpolated Kneser-Ney, one discount an order", estimateKneserNey},
	{"mkn", "interpolated modified Kneser-Ney, three discounts an order", estimateModified},
}

// Smoothings are the names of the smoothings as ParseSmoothing reads them.
func Smoothings() []string {
	var names []string
	for _, s := range smoothings {
		name := s.name
		if name == "add" {
			name = "add:K"
		}
		names = append(names, name)
	}
	return names
}

// Title is what a smoothing is called in full.
func (s Smoothing) Title() string { return smoothings[s.index()].title }

// String is the inverse of ParseSmoothing.
func (s Smoothing) String() string {
	if s.Name == "add" {
		return "add:" + strconv.FormatFloat(s.K, 'g', -1, 64)
	}
	return s.Name
}

func (s Smoothing) index() int {
	for i, t := range smoothings {
		if t.name == s.Name {
			return i
		}
	}
	panic("ngram: no smoothing is called " + strconv.Quote(s.Name))
}

// ParseSmoothing reads a name, and for add the number after it, as in add:0.1.
func ParseSmoothing(text string) (Smoothing, error) {
	name, k, number := strings.Cut(text, ":")
	for _, t := range smoothings {
		if t.name != name || number != (name == "add") {
			continue
		}
		s := Smoothing{Name: name}
		if !number {
			return s, nil
		}
		var err error
		if s.K, err = strconv.ParseFloat(k, 64); err != nil || !(s.K > 0) || math.IsInf(s.K, 0) {
			return Smoothing{}, say.Errorf("what smoothing adds must be a number above 0, as in add:0.1, not %q", text)
		}
		return s, nil
	}
	return Smoothing{}, say.Errorf("smoothing must be one of %s, not %q", strings.Join(Smoothings(), ", "), text)
}
