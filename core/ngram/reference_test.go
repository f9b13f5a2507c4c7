package ngram_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rnnscope/core/ngram"
	"rnnscope/corpora"
)

// referenceTolerance is relative: the references print seven figures, and
// KenLM, which mixes in 1/(V+1) in place of 1/V, differs by 1e-5.
const referenceTolerance = 1e-4

// shakespeare is the text that the references were computed on.
func shakespeare(t testing.TB) string {
	t.Helper()
	data := os.Getenv("RNNSCOPE_TEST_DATA")
	if data == "" {
		t.Skip("RNNSCOPE_TEST_DATA names no directory with tinyshakespeare.txt")
	}
	text, err := os.ReadFile(filepath.Join(data, "tinyshakespeare.txt"))
	if err != nil {
		t.Fatal(err)
	}
	if len(text) != 1115394 {
		t.Fatalf("tinyshakespeare.txt has %d bytes, the references are of 1,115,394", len(text))
	}
	return string(text)
}

// splits writes the three splits of a text, cut by characters, as files.
func splits(t testing.TB, text string) (train, valid, test string) {
	t.Helper()
	dir := t.TempDir()
	n := len(text)
	file := func(name, part string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(part), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	return file("train", text[:n*9/10]), file("valid", text[n*9/10:n*95/100]), file("test", text[n*95/100:])
}

func open(t testing.TB, o corpora.Options, text string) *corpora.Corpus {
	t.Helper()
	train, valid, test := splits(t, text)
	o.LevelSet, o.Valid, o.Test = true, valid, test
	c, err := corpora.Open(train, o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func count(t testing.TB, text ngram.Tokens, o ngram.Options) *ngram.Counts {
	t.Helper()
	c, err := ngram.Count(text, o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func parse(t testing.TB, name string) ngram.Smoothing {
	t.Helper()
	s, err := ngram.ParseSmoothing(name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// worst keeps the largest error of a table, to be logged.
type worst struct {
	error float64
	where string
}

func (w *worst) compare(t *testing.T, where string, got, want, tolerance float64) {
	t.Helper()
	e := math.Abs(got-want) / want
	if !(e <= tolerance) {
		t.Errorf("%s: got %.6f, reference %.6f, relative error %.2g", where, got, want, e)
	}
	if !(e <= w.error) {
		w.error, w.where = e, where
	}
}

// Characters of tiny Shakespeare as one stream, bits per character of the
// validation and the test split, the first scored with the unigram.
func TestCharacterStream(t *testing.T) {
	c := open(t, corpora.Options{Level: corpora.Char}, shakespeare(t))
	counts := count(t, c.Train.IDs, ngram.Options{Vocab: c.Vocab.Len(), Order: 10})
	var w worst
	for _, column := range []struct {
		smoothing string
		bits      map[int][2]float64
	}{
		{"add:1", map[int][2]float64{
			1: {4.808067, 4.850287}, 2: {3.569646, 3.591684}, 3: {2.939580, 3.028800},
			4: {2.758990, 2.875183}, 5: {3.062522, 3.209819}, 6: {3.657000, 3.825598},
		}},
		{"add:0.1", map[int][2]float64{
			1: {4.808061, 4.850288}, 2: {3.567835, 3.599103}, 3: {2.883885, 3.019237},
			4: {2.491794, 2.655974}, 5: {2.483017, 2.676847}, 6: {2.844874, 3.074694},
		}},
		{"mkn", map[int][2]float64{
			1: {4.808062, 4.850289}, 2: {3.569067, 3.596939}, 3: {2.875926, 3.004869},
			4: {2.402688, 2.557441}, 5: {2.168167, 2.336587}, 6: {2.107367, 2.286210},
			8: {2.097897, 2.285858}, 10: {2.103144, 2.290113},
		}},
		{"kn", map[int][2]float64{
			1: {4.808060, 4.850288}, 2: {3.568117, 3.600335}, 3: {2.873218, 3.027097},
			4: {2.408488, 2.580430}, 5: {2.189915, 2.366144}, 6: {2.151806, 2.344041},
			8: {2.168499, 2.373561}, 10: {2.180667, 2.383625},
		}},
	} {
		for order, bits := range column.bits {
			m := counts.Model(order, parse(t, column.smoothing))
			for i, split := range []corpora.Split{c.Valid, c.Test} {
				e := m.Evaluate(split.IDs, true, nil, nil)
				if e.Tokens != 55770 {
					t.Errorf("%d tokens scored, the references score 55,770", e.Tokens)
				}
				w.compare(t, fmt.Sprintf("%s order %d, bits of the %s split", column.smoothing, order, []string{"valid", "test"}[i]), e.Loss/math.Ln2, bits[i], referenceTolerance)
			}
			for _, d := range m.Discounts() {
				if column.smoothing == "mkn" && (d.Fallback.String() != "") != (d.Order == 1) {
					t.Errorf("order %d: the discounts of order %d: %+v; the references fall back at the unigram only", order, d.Order, d)
				}
			}
		}
	}
	t.Logf("largest relative error %.2g (%s)", w.error, w.where)
}

// Characters with every line a sentence. The references close the last line of
// each split, which the cut left open in training and validation.
func TestCharacterLines(t *testing.T) {
	c := open(t, corpora.Options{Level: corpora.Char}, shakespeare(t))
	newline := int32(c.Vocab.Newline())
	closed := func(split corpora.Split) ngram.IDs {
		ids := make(ngram.IDs, split.IDs.Len())
		split.IDs.Fill(ids, 0)
		if ids[len(ids)-1] != newline {
			ids = append(ids, newline)
		}
		return ids
	}
	counts := count(t, closed(c.Train), ngram.Options{Vocab: c.Vocab.Len(), Order: 6, Lines: true, EOS: int(newline)})
	var w worst
	for smoothing, rows := range map[string]map[int][2]float64{
		"mkn": {2: {11.87051, 12.10092}, 3: {7.48985, 8.20775}, 4: {5.45129, 6.07351}, 5: {4.62254, 5.18325}, 6: {4.40756, 4.96881}},
		"kn":  {2: {11.863, 12.129}, 3: {7.475, 8.334}, 4: {5.465, 6.160}, 5: {4.675, 5.262}},
	} {
		for order, want := range rows {
			m := counts.Model(order, parse(t, smoothing))
			for i, split := range []corpora.Split{c.Valid, c.Test} {
				e := m.Evaluate(closed(split), false, nil, nil)
				if want := []int{55771, 55770}[i]; e.Tokens != want {
					t.Errorf("%d tokens scored, want %d", e.Tokens, want)
				}
				w.compare(t, fmt.Sprintf("%s order %d, perplexity of the %s split", smoothing, order, []string{"valid", "test"}[i]), math.Exp(e.Loss), want[i], referenceTolerance)
			}
		}
	}
	t.Logf("largest relative error %.2g (%s)", w.error, w.where)
}

// Words of tiny Shakespeare, a line a sentence, words seen once <unk>.
func TestWords(t *testing.T) {
	text := shakespeare(t)
	rows := []struct {
		smoothing string
		order     int
		space     [2]float64
		punct     [2]float64
	}{
		{"add:1", 3, [2]float64{3254.28, 2951.35}, [2]float64{2352.93, 2220.74}},
		{"add:0.01", 2, [2]float64{273.882, 286.636}, [2]float64{161.699, 186.421}},
		{"add:0.01", 3, [2]float64{1123.56, 1218.00}, [2]float64{662.863, 763.654}},
		{"katz", 2, [2]float64{149.100, 154.900}, [2]float64{102.347, 116.812}},
		{"katz", 3, [2]float64{158.183, 170.426}, [2]float64{103.658, 121.081}},
		{"absolute", 2, [2]float64{146.212, 152.305}, [2]float64{101.999, 116.496}},
		{"absolute", 3, [2]float64{145.643, 159.106}, [2]float64{99.674, 119.529}},
		{"kn", 2, [2]float64{139.330, 146.647}, [2]float64{96.224, 110.289}},
		{"kn", 3, [2]float64{136.942, 151.414}, [2]float64{91.631, 109.142}},
		{"kn", 4, [2]float64{136.691, 151.734}, [2]float64{91.410, 108.132}},
		{"kn", 5, [2]float64{136.643, 151.699}, [2]float64{91.316, 108.075}},
		{"mkn", 2, [2]float64{140.5806, 146.4647}, [2]float64{96.4247, 109.5373}},
		{"mkn", 3, [2]float64{137.1644, 150.0353}, [2]float64{90.9726, 107.2693}},
		{"mkn", 4, [2]float64{136.7871, 150.1475}, [2]float64{90.6078, 106.2816}},
		{"mkn", 5, [2]float64{136.7578, 150.0860}, [2]float64{90.5147, 106.2179}},
	}
	var w worst
	for _, way := range []struct {
		tokens corpora.Tokens
		vocab  int
		counts [3]int
	}{
		{corpora.Space, 9904, [3]int{211741, 11883, 11808}},
		{corpora.Punct, 7173, [3]int{255731, 14787, 14561}},
	} {
		c := open(t, corpora.Options{Level: corpora.Word, Tokens: way.tokens, MinCount: 2, Lines: true}, text)
		if n := [3]int{c.Train.IDs.Len(), c.Valid.IDs.Len(), c.Test.IDs.Len()}; c.Vocab.Len() != way.vocab || n != way.counts {
			t.Fatalf("%v: a vocabulary of %d and %v tokens, the references have %d and %v", way.tokens, c.Vocab.Len(), n, way.vocab, way.counts)
		}
		counts := count(t, c.Train.IDs, ngram.Options{Vocab: c.Vocab.Len(), Order: 5, Lines: true, EOS: c.Vocab.EOS()})
		for _, row := range rows {
			m := counts.Model(row.order, parse(t, row.smoothing))
			want := row.space
			if way.tokens == corpora.Punct {
				want = row.punct
			}
			for i, split := range []corpora.Split{c.Valid, c.Test} {
				e := m.Evaluate(split.IDs, false, nil, nil)
				w.compare(t, strings.Join([]string{way.tokens.String(), row.smoothing, fmt.Sprint(row.order), []string{"valid", "test"}[i]}, " "), math.Exp(e.Loss), want[i], referenceTolerance)
			}
		}
	}
	t.Logf("largest relative error %.2g (%s)", w.error, w.where)
}
