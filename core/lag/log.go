package lag

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"rnnscope/core/lock"
	"rnnscope/core/say"
	"rnnscope/core/scope"
)

// Log is a file of results, one JSON object a line, each with the grid it is
// part of, so that the file alone is enough to go on with the grid. While it is
// open nobody else may write it.
type Log struct {
	Path    string
	Grid    Grid
	Results []scope.TrialResult // in the order of the file
	file    *os.File
	size    int64           // of the whole lines in the file
	done    map[string]bool // the trials of Results, by Key
}

// line is one line of a log.
type line struct {
	scope.TrialResult
	Grid Grid `json:"grid"`
}

// longest is the longest line that is read: some hundred thousand points.
const longest = 1 << 24

// CreateLog makes a new file, and its directory where there is none.
func CreateLog(path string, g Grid) (*Log, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return nil, err
	}
	if !lock.Take(f) { // who resumes it was faster
		f.Close()
		return nil, busy(path)
	}
	return &Log{Path: path, Grid: g, file: f, done: map[string]bool{}}, nil
}

// ResumeLog opens a log to go on with. A last line that was not written to its
// end is taken off.
func ResumeLog(path string) (*Log, error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if at := (*fs.PathError)(nil); errors.As(err, &at) {
		err = say.Errorf("%s: %w", path, at.Err)
	}
	if err != nil && !errors.Is(err, fs.ErrPermission) {
		err = notLog{err}
	}
	if err != nil {
		return nil, err
	}
	if !lock.Take(f) {
		f.Close()
		return nil, busy(path)
	}
	results, grid, size, err := ReadLog(f)
	if err == nil && grid == nil {
		err = errNoTrial
	}
	if err == nil {
		err = f.Truncate(size)
	}
	if err != nil {
		f.Close()
		return nil, notLog{say.Errorf("%s: %w", path, err)}
	}
	l := &Log{Path: path, Grid: *grid, Results: results, file: f, size: size, done: map[string]bool{}}
	for _, r := range results {
		l.done[Key(r.Trial)] = true
	}
	return l, nil
}

// notLog is why a file cannot be gone on with.
type notLog struct{ error }

func (e notLog) Unwrap() error                      { return e.error }
func (e notLog) Say(translate say.Translate) string { return say.In(translate, e.error) }
func (e notLog) Try() string                        { return e.TryIn(nil) }
func (e notLog) TryIn(translate say.Translate) string {
	return say.Textf("give a file that the lag lab or rnnscope lag --out wrote, or begin a new one").Say(translate)
}

// busy is the path of a log that somebody writes already.
type busy string

func (p busy) Error() string { return p.Say(nil) }
func (p busy) Say(translate say.Translate) string {
	return say.Textf("%s: another program is writing this log", string(p)).Say(translate)
}
func (p busy) Try() string { return p.TryIn(nil) }
func (p busy) TryIn(translate say.Translate) string {
	return say.Textf("wait for its end, or stop it with ctrl+c").Say(translate)
}

// errNoTrial is a log of nothing.
var errNoTrial = say.Errorf("no trial has been finished in this file")

// ReadLog reads the lines of a log: its results, the grid of the last, and
// where the last whole line ends. Of two results of one trial the last holds.
func ReadLog(r io.Reader) (results []scope.TrialResult, grid *Grid, size int64, err error) {
	lines := bufio.NewReaderSize(r, 1<<16)
	place := map[string]int{}
	for n := 1; ; n++ {
		text, err := readLine(lines)
		if err == io.EOF {
			return results, grid, size, nil // what has no newline was not written to its end
		}
		if err != nil {
			return nil, nil, 0, say.Errorf("line %d: %w", n, err)
		}
		size += int64(len(text))
		if len(bytes.TrimSpace(text)) == 0 {
			continue
		}
		var l line
		if err := json.Unmarshal(text, &l); err != nil {
			return nil, nil, 0, say.Errorf("line %d is no result of a trial: %v", n, err)
		}
		if l.Task == "" || l.Cell == "" {
			return nil, nil, 0, say.Errorf("line %d is no result of a trial: it names no task and cell", n)
		}
		grid = &l.Grid
		key := Key(l.Trial)
		if i, again := place[key]; again {
			results[i] = l.TrialResult
			continue
		}
		place[key] = len(results)
		results = append(results, l.TrialResult)
	}
}

// readLine reads up to and with the next newline; io.EOF when there is none.
func readLine(r *bufio.Reader) ([]byte, error) {
	var text []byte
	for {
		part, err := r.ReadSlice('\n')
		text = append(text, part...)
		switch {
		case err == nil:
			return text, nil
		case err != bufio.ErrBufferFull:
			return nil, err
		case len(text) > longest:
			return nil, say.Errorf("longer than %d bytes", longest)
		}
	}
}

// Done says whether a trial has a result.
func (l *Log) Done(c scope.Trial) bool { return l.done[Key(c)] }

// Add writes a result to the end of the file. What could be written of it when
// there is an error is taken off again.
func (l *Log) Add(r scope.TrialResult) error {
	text, err := json.Marshal(line{r, l.Grid})
	if err != nil {
		return err
	}
	text = append(text, '\n')
	if _, err := l.file.WriteAt(text, l.size); err != nil {
		l.file.Truncate(l.size)
		return err
	}
	l.size += int64(len(text))
	l.Results, l.done[Key(r.Trial)] = append(l.Results, r), true
	return nil
}

// Close ends writing.
func (l *Log) Close() error { return l.file.Close() }
