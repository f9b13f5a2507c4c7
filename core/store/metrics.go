package store

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"sync"
	"time"

	"rnnscope/core/lock"
	"rnnscope/core/say"
	"rnnscope/core/task"
)

// Metrics appends lines to a run's metrics.jsonl. They are written together,
// twice a second and whenever many have gathered, and always whole: when a
// write fails half-way its part is cut off again, the lines are kept and the
// next write tries again. Safe for several goroutines.
type Metrics struct {
	mu      sync.Mutex
	path    string
	file    *os.File
	size    int64        // of the whole lines in the file
	pending bytes.Buffer // lines to be written
	encoder *json.Encoder
	failure error // of the last write
	lost    error // why lines were not taken
	closed  bool
	stop    chan struct{}
	stopped chan struct{}
}

const (
	flushEvery = time.Second / 2 // whoever watches is at most a second behind
	flushBytes = 64 << 10
	mostKept   = 1 << 20 // bytes of lines while writes fail
)

// openMetrics opens the file at path, or makes it, and locks it: who writes the
// metrics writes the run. A last line that was torn
// by a crash is cut off.
func openMetrics(path string) (*Metrics, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, unwritten(path, err)
	}
	if !lock.Take(f) {
		f.Close()
		return nil, &Error{What: say.Textf("%s: another program is writing this run", filepath.Dir(path)), Hint: say.Textf("wait for its end, or stop it with ctrl+c")}
	}
	size, err := wholeLines(f)
	if err == nil {
		err = f.Truncate(size)
	}
	if err != nil {
		f.Close()
		return nil, unwritten(path, err)
	}
	m := &Metrics{path: path, file: f, size: size, stop: make(chan struct{}), stopped: make(chan struct{})}
	m.encoder = json.NewEncoder(&m.pending)
	m.encoder.SetEscapeHTML(false)
	task.Go("metrics", m.flusher)
	return m, nil
}

// wholeLines is the size of a file up to its last newline.
func wholeLines(f *os.File) (int64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	buffer := make([]byte, 64<<10)
	for end := info.Size(); end > 0; {
		begin := max(0, end-int64(len(buffer)))
		piece := buffer[:end-begin]
		if _, err := f.ReadAt(piece, begin); err != nil {
			return 0, err
		}
		if i := bytes.LastIndexByte(piece, '\n'); i >= 0 {
			return begin + int64(i) + 1, nil
		}
		end = begin
	}
	return 0, nil
}

// Append adds v as a line of JSON. The error is that of the last write; while
// writes fail, a megabyte of lines is kept, then no more are taken.
func (m *Metrics) Append(v any) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		panic("store: Append: the run is closed")
	}
	if m.pending.Len() >= flushBytes {
		m.flush()
	}
	if m.pending.Len() >= mostKept {
		m.lost = m.failure
		return m.failure
	}
	if err := m.encoder.Encode(v); err != nil {
		return err
	}
	return m.failure
}

// Flush writes what is pending.
func (m *Metrics) Flush() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.flush()
}

func (m *Metrics) flush() error {
	if m.pending.Len() == 0 {
		return nil
	}
	if _, err := m.file.WriteAt(m.pending.Bytes(), m.size); err != nil {
		m.file.Truncate(m.size)
		m.failure = unwritten(m.path, err)
		return m.failure
	}
	m.size += int64(m.pending.Len())
	m.pending.Reset()
	m.failure = nil
	return nil
}

// flusher flushes until Close.
func (m *Metrics) flusher() {
	defer close(m.stopped)
	tick := time.NewTicker(flushEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			m.Flush() // the next Append tells of an error
		case <-m.stop:
			return
		}
	}
}

// Close writes what is pending and closes the file. The error is why lines are not
// in it; what failed once and was written later is none. A second Close does
// nothing.
func (m *Metrics) Close() error {
	m.mu.Lock()
	closed := m.closed
	m.closed = true
	m.mu.Unlock()
	if closed {
		return nil
	}
	close(m.stop)
	<-m.stopped
	err := m.Flush()
	if err == nil {
		err = m.lost
	}
	if e := m.file.Close(); err == nil && e != nil {
		err = unwritten(m.path, e)
	}
	return err
}
