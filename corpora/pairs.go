package corpora

import (
	"bufio"
	"io"
	"strconv"
	"strings"

	"rnnscope/core/say"
)

// Pair is two sentences to put before a model side by side, or one.
type Pair struct {
	ID    string
	Lang  string // "en" or "zh", of all its texts
	Title string
	A, B  string // B is empty where one sentence is the point
	Note  string // what to look at
}

// AgreementPair is a beginning of a sentence that the verb Right continues and
// its other number Wrong does not.
type AgreementPair struct {
	Prefix, Right, Wrong string
	// Attractors counts the nouns between the subject and the verb that are of
	// the other number than the subject.
	Attractors int
}

// Pairs are the built-in sentence pairs.
func Pairs() []Pair {
	var out []Pair
	err := readTSV(strings.NewReader(pairsText), 6, func(f []string) error {
		out = append(out, Pair{f[0], f[1], f[2], f[3], f[4], f[5]})
		return nil
	})
	if err != nil {
		panic("corpora: pairs.tsv: " + err.Error())
	}
	return out
}

// AgreementPairs are the built-in pairs of agreement.
func AgreementPairs() []AgreementPair {
	out, err := ReadAgreementPairs(strings.NewReader(agreementPairsText))
	if err != nil {
		panic("corpora: agreement-pairs.tsv: " + err.Error())
	}
	return out
}

// ReadAgreementPairs reads pairs a line each: prefix, right, wrong and the
// number of attractors, parted by tabs. Empty lines and lines that begin with #
// are left out.
func ReadAgreementPairs(r io.Reader) ([]AgreementPair, error) {
	var out []AgreementPair
	err := readTSV(r, 4, func(f []string) error {
		attractors, err := strconv.Atoi(f[3])
		switch {
		case err != nil || attractors < 0:
			return say.Errorf("the number of attractors is %q", f[3])
		case f[0] == "" || f[1] == "" || f[2] == "":
			return say.Errorf("an empty field")
		case f[1] == f[2]:
			return say.Errorf("right and wrong are both %q", f[1])
		}
		out = append(out, AgreementPair{f[0], f[1], f[2], attractors})
		return nil
	})
	return out, err
}

// readTSV visits the lines of a table of so many columns. An error says which
// line it is about.
func readTSV(r io.Reader, columns int, visit func(fields []string) error) error {
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		text := strings.TrimSuffix(lines.Text(), "\r")
		if text == "" || text[0] == '#' {
			continue
		}
		fields := strings.Split(text, "\t")
		err := say.Errorf("%d columns, not %d", len(fields), columns)
		if len(fields) == columns {
			err = visit(fields)
		}
		if err != nil {
			return say.Errorf("line %d: %w", n, err)
		}
	}
	return lines.Err()
}
