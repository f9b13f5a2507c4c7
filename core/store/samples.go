package store

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"sync"
)

// Written is a text that a model wrote after an update.
type Written struct {
	Update      int64
	Temperature float64
	Text        string
}

// heading stands above each text of samples.txt.
func (w Written) heading() string {
	return fmt.Sprintf("== update %d, temperature %g", w.Update, w.Temperature)
}

var headings = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?m)^== update (\d+), temperature (\S+)\n`)
})

// mostSamples is how much of a samples.txt is read, from its end, bytes.
const mostSamples = 1 << 20

// ReadSamples reads what the model of the run in dir wrote, in the order of
// writing; a run that has written nothing has none. A text that holds a heading
// itself is taken for two.
func ReadSamples(dir string) ([]Written, error) {
	path := filepath.Join(dir, samplesFile)
	text, err := tail(path, mostSamples)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, unread(path, err, nil)
	}
	return parseSamples(text), nil
}

// tail reads the end of a file, so many bytes at most.
func tail(path string, most int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	stat, err := f.Stat()
	if err != nil {
		return nil, err
	}
	from := max(0, stat.Size()-most)
	text := make([]byte, stat.Size()-from)
	n, err := f.ReadAt(text, from)
	if err == io.EOF { // it was cut meanwhile
		err = nil
	}
	return text[:n], err
}

// parseSamples reads the text of a samples.txt; what stands before its first
// heading, and a text without the empty line that ends it, are passed over.
func parseSamples(text []byte) (all []Written) {
	places := headings().FindAllSubmatchIndex(text, -1)
	for i, p := range places {
		end := len(text)
		if i+1 < len(places) {
			end = places[i+1][0]
		}
		body := string(text[p[1]:end])
		update, err := strconv.ParseInt(string(text[p[2]:p[3]]), 10, 64)
		temperature, e := strconv.ParseFloat(string(text[p[4]:p[5]]), 64)
		if n := len(body) - 2; err == nil && e == nil && n >= 0 && body[n:] == "\n\n" {
			all = append(all, Written{update, temperature, body[:n]})
		}
	}
	return all
}

// Samples returns what the model has written, when that has changed since it was
// last asked; news says whether it has.
func (f *Follower) Samples() (all []Written, news bool) {
	if !f.replaced(samplesFile, &f.samples) {
		return nil, false
	}
	all, err := ReadSamples(f.dir)
	return all, err == nil
}
