package main

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

// call runs the program as a script would, in this process.
func call(t *testing.T, stdin string, args ...string) (out, errs string, status int) {
	t.Helper()
	var o, e bytes.Buffer
	status = newProgram(strings.NewReader(stdin), &o, &e).run(args)
	return o.String(), e.String(), status
}

// vocabularyIDs is a text's ids at character level: its symbols sorted by code
// point.
func vocabularyIDs(text string) []int {
	symbols := []rune(text)
	slices.Sort(symbols)
	symbols = slices.Compact(symbols)
	var ids []int
	for _, r := range text {
		id, _ := slices.BinarySearch(symbols, r)
		ids = append(ids, id)
	}
	return ids
}
