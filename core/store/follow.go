package store

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Follower reads a run that another program is writing, perhaps on another
// machine. It takes no lock and is told of nothing: it asks the files again
// and again, which a shared folder allows too. It belongs to one goroutine.
type Follower struct {
	Damaged int // lines of the metrics that were no JSON and were passed over

	dir                  string
	file                 os.FileInfo // of the metrics, as read last; nil for none
	read                 int64       // bytes of it, whole lines
	model, best, samples os.FileInfo // as they were when last asked about
}

// Follow begins with nothing read of the run in dir, which need not be there.
func Follow(dir string) *Follower { return &Follower{dir: dir} }

// mostAtOnce is how many bytes of metrics are read at once: the history of a
// long run comes in pieces.
const mostAtOnce = longestLine

// Read returns the rows that have come since it was last asked, whole lines
// only, and none when there is nothing new. anew says that the metrics are
// another file than before, or shorter, or gone: what was read of them is void.
func (f *Follower) Read() (rows []Row, anew bool, err error) {
	path := filepath.Join(f.dir, metricsFile)
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		anew = f.file != nil
		f.file, f.read = nil, 0
		return nil, anew, nil
	}
	if err != nil {
		return nil, false, unread(path, err, nil)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, false, unread(path, err, nil)
	}
	if f.file != nil && (!os.SameFile(f.file, info) || info.Size() < f.read) {
		anew, f.read = true, 0
	}
	f.file = info
	text, err := io.ReadAll(io.NewSectionReader(file, f.read, mostAtOnce))
	if err != nil {
		return nil, anew, unread(path, err, nil)
	}
	rows = f.rows(text)
	return rows, anew, nil
}

// rows takes whole lines off the front of a text.
func (f *Follower) rows(text []byte) (rows []Row) {
	for {
		line, rest, whole := bytes.Cut(text, []byte{'\n'})
		if !whole {
			if len(text) == mostAtOnce { // one endless line
				f.read += mostAtOnce
				f.Damaged++
			}
			return rows
		}
		f.read += int64(len(line)) + 1
		text = rest
		row, err := parseRow(line)
		if err != nil {
			f.Damaged++
			continue
		}
		rows = append(rows, row)
	}
}

// Gone says that the run's directory is not there, or no run any more.
func (f *Follower) Gone() bool {
	_, err := os.Stat(filepath.Join(f.dir, infoFile))
	return err != nil
}

// Model and Best say whether the newest weights, or those of the lowest
// validation loss, have been saved since they were last asked about.
func (f *Follower) Model() bool { return f.replaced(modelFile, &f.model) }
func (f *Follower) Best() bool  { return f.replaced(BestFile, &f.best) }

func (f *Follower) replaced(name string, old *os.FileInfo) bool {
	info, err := os.Stat(filepath.Join(f.dir, name))
	if err != nil {
		return false
	}
	was := *old
	*old = info
	return was == nil || !os.SameFile(was, info) || !was.ModTime().Equal(info.ModTime()) || was.Size() != info.Size()
}

// Written is when the metrics were last written, as their file says; zero while
// there are none.
func (f *Follower) Written() time.Time {
	if f.file == nil {
		return time.Time{}
	}
	return f.file.ModTime()
}
