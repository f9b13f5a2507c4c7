package store

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"iter"
	"math"
	"os"
	"path/filepath"
	"slices"

	"rnnscope/core/say"
)

// Row is one line of a run's metrics.jsonl.
type Row struct {
	Event  string
	Update int64 // -1 when the line has none
	JSON   json.RawMessage
}

// longestLine is the longest line of metrics that is read.
const longestLine = 4 << 20

// History goes through the metrics of the run in dir, by update; a run without
// any has none. A run that was resumed from an earlier save, or went back, has
// updates twice, and may have some that are no part of it any more: what came
// from the first update of the later leg on is left out of the earlier one. So
// is a last line without its newline, which is still being written or was torn
// by a crash. An error is the last thing that comes; a line that is not JSON is
// one.
//
// The rows stay on disk. What is held of each is its place, and the text of one,
// which the next is read over.
func History(dir string) iter.Seq2[Row, error] {
	path := filepath.Join(dir, metricsFile)
	return func(yield func(Row, error) bool) {
		file, err := os.Open(path)
		if errors.Is(err, fs.ErrNotExist) {
			return
		}
		if err != nil {
			yield(Row{}, unread(path, err, nil))
			return
		}
		defer file.Close()
		history(path, file)(yield)
	}
}

// placed is where a row is in a file, and in a run.
type placed struct {
	event  string
	update int64
	from   int64
	length int   // without the newline
	leg    int   // a resumed run begins a new one
	at     int64 // the update that the row belongs to
}

// history goes through the text of a metrics.jsonl.
func history(path string, text io.ReaderAt) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		rows, err := places(path, text)
		if err != nil {
			yield(Row{}, err)
			return
		}
		var line []byte
		for _, r := range rows {
			line = slices.Grow(line[:0], r.length)[:r.length]
			if _, err := text.ReadAt(line, r.from); err != nil {
				yield(Row{}, unread(path, err, nil))
				return
			}
			if !yield(Row{Event: r.event, Update: r.update, JSON: line}, nil) {
				return
			}
		}
	}
}

// places are the rows that count, in order.
func places(path string, text io.ReaderAt) ([]placed, error) {
	type key struct {
		event  string
		update int64
	}
	var rows []placed
	events := map[string]string{}   // one string for each
	last := map[key]int{}           // the last leg that has it
	first := []int64{math.MaxInt64} // the first update of each leg
	leg, at, updated := 0, int64(0), int64(0)
	lines := bufio.NewReaderSize(io.NewSectionReader(text, 0, math.MaxInt64), 64<<10)
	var line []byte
	for number, from := 1, int64(0); ; number++ {
		var err error
		line, err = readLine(lines, line[:0])
		if err == io.EOF {
			break
		}
		if err != nil && !errors.Is(err, errLongLine) {
			return nil, unread(path, err, nil)
		}
		var row Row
		if err == nil {
			row, err = parseRow(line)
		}
		if err != nil {
			return nil, &Error{What: say.Textf("%s: line %d is damaged: %v", path, number, err), Hint: say.Textf("take the line out"), Err: err}
		}
		if row.Update >= 0 {
			isUpdate := row.Event == "update"
			if row.Update < at || isUpdate && row.Update == updated {
				leg++
				first = append(first, math.MaxInt64)
			}
			if at = row.Update; isUpdate {
				updated = at
				first[leg] = min(first[leg], at)
			}
			last[key{row.Event, row.Update}] = leg
		}
		event, ok := events[row.Event]
		if !ok {
			event = row.Event
			events[event] = event
		}
		rows = append(rows, placed{event, row.Update, from, len(line), leg, at})
		from += int64(len(line)) + 1
	}
	for i := leg - 1; i > 0; i-- { // from where on a leg is followed by others
		first[i] = min(first[i], first[i+1])
	}
	rows = slices.DeleteFunc(rows, func(r placed) bool {
		return r.update >= 0 && r.leg < last[key{r.event, r.update}] || r.leg < leg && r.at >= first[r.leg+1]
	})
	slices.SortStableFunc(rows, func(a, b placed) int { return cmp.Compare(a.at, b.at) })
	return rows, nil
}

// errLongLine is a line that no run writes.
var errLongLine = say.Errorf("longer than %d bytes", longestLine)

// readLine appends the next line to a buffer, without its newline; io.EOF when
// there is no newline.
func readLine(r *bufio.Reader, line []byte) ([]byte, error) {
	for {
		part, err := r.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case len(line) > longestLine:
			return line, errLongLine
		case err == nil:
			return line[:len(line)-1], nil
		case err != bufio.ErrBufferFull:
			return line, err
		}
	}
}

func parseRow(line []byte) (Row, error) {
	var fields struct {
		Event  string `json:"event"`
		Update *int64 `json:"update"`
	}
	if err := json.Unmarshal(line, &fields); err != nil {
		return Row{}, err
	}
	row := Row{Event: fields.Event, Update: -1, JSON: line}
	if fields.Update != nil {
		row.Update = *fields.Update
	}
	return row, nil
}
