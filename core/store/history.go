package store

import (
	"bytes"
	"cmp"
	"encoding/json"
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

// History is what a run's metrics.jsonl says.
type History struct {
	Rows []Row // by update
	Torn bool  // the last line was still being written, or a crash tore it; it is no row
}

// ReadHistory reads the metrics of the run in dir; a run without any has none.
// A run that was resumed from an earlier save, or went back, has updates twice,
// and may have some that are no part of it any more: what came from the first
// update of the later leg on is left out of the earlier one. A line that is not
// JSON is an error.
func ReadHistory(dir string) (*History, error) {
	path := filepath.Join(dir, metricsFile)
	text, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		return &History{}, nil
	}
	if err != nil {
		return nil, unread(path, err, nil)
	}
	return parseHistory(path, text)
}

// parseHistory reads the text of a metrics.jsonl.
func parseHistory(path string, text []byte) (*History, error) {
	type key struct {
		event  string
		update int64
	}
	type placed struct {
		Row
		leg int   // a resumed run begins a new one
		at  int64 // the update that the row belongs to
	}
	h := &History{}
	var rows []placed
	last := map[key]int{}           // the last leg that has it
	first := []int64{math.MaxInt64} // the first update of each leg
	leg, at, updated := 0, int64(0), int64(0)
	for number := 1; len(text) > 0; number++ {
		line, rest, whole := bytes.Cut(text, []byte{'\n'})
		text = rest
		if !whole {
			h.Torn = true
			break
		}
		row, err := parseRow(line)
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
		rows = append(rows, placed{row, leg, at})
	}
	for i := leg - 1; i > 0; i-- { // from where on a leg is followed by others
		first[i] = min(first[i], first[i+1])
	}
	rows = slices.DeleteFunc(rows, func(r placed) bool {
		return r.Update >= 0 && r.leg < last[key{r.Event, r.Update}] || r.leg < leg && r.at >= first[r.leg+1]
	})
	slices.SortStableFunc(rows, func(a, b placed) int { return cmp.Compare(a.at, b.at) })
	for _, r := range rows {
		h.Rows = append(h.Rows, r.Row)
	}
	return h, nil
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
