package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// RUN@UPDATE is the model as it was then: the one that training stopped there
// has.
func TestRunAtAnUpdate(t *testing.T) {
	long := trained(t, strings.Repeat("abcabdabc\n", 60), "--updates", "23")
	short := trained(t, strings.Repeat("abcabdabc\n", 60), "--updates", "20")
	if a, b := evaluated(t, "eval", long+"@20"), evaluated(t, "eval", short); a != b {
		t.Errorf("perplexity %v at update 20, %v when it stopped there", a, b)
	}
	for _, c := range []struct {
		args []string
		code int
		say  string
	}{
		{[]string{"trace", long + "@5", "abc"}, 0, ""},
		{[]string{"score", long + "@0", "abc"}, 0, ""},
		{[]string{"sample", filepath.Join(long, "history", "10.safetensors"), "--length", "3"}, 0, ""},
		{[]string{"train", "--from", long + "@10", "--lr", "0.1", "--updates", "2", "--batch", "4", "--window", "16", "--out", filepath.Join(t.TempDir(), "fork")}, 0, ""},
		{[]string{"eval", long + "@7"}, 1, "0, 1, 2, 5, 10, 20"},
		{[]string{"train", "--resume", long, "--updates", "51"}, 0, ""},
		{[]string{"eval", long + "@50"}, 0, ""},
		{[]string{"convert", long + "@2", filepath.Join(t.TempDir(), "early.pt")}, 0, ""},
	} {
		if _, errs, code := call(t, "", c.args...); code != c.code || !strings.Contains(errs, c.say) {
			t.Errorf("%v: status %d, %q", c.args, code, errs)
		}
	}
	none := trained(t, strings.Repeat("abcabdabc\n", 60), "--history", "0")
	if _, err := os.Stat(filepath.Join(none, "history")); err == nil {
		t.Error("--history 0 keeps a history")
	}
	if _, errs, code := call(t, "", "eval", none+"@1"); code != 1 || !strings.Contains(errs, "--history") {
		t.Errorf("status %d, %q", code, errs)
	}
}
