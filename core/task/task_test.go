package task

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestPanicRestoresBeforeTheProcessEnds(t *testing.T) {
	var order []string
	ended := make(chan int)
	exit = func(code int) {
		order = append(order, "exit")
		mu.Unlock()
		ended <- code
	}
	defer func() { exit = os.Exit }()
	cancel := OnPanic(func() { order = append(order, "outer") })
	defer cancel()
	gone := OnPanic(func() { order = append(order, "gone") })
	gone()
	defer OnPanic(func() { order = append(order, "inner") })()

	Go("tester", func() { panic("on purpose") })
	if code := <-ended; code != 1 {
		t.Errorf("exit status: got %d, want 1", code)
	}
	if got, want := strings.Join(order, " "), "inner outer exit"; got != want {
		t.Errorf("order: got %q, want %q", got, want)
	}
}

// A bare go statement would bypass the restoring of the terminal.
func TestNoOtherPackageStartsGoroutines(t *testing.T) {
	bare := regexp.MustCompile(`(?m)^\s*go (func\b|[\w.]+\()`)
	if !bare.MatchString("\tgo func() {") || !bare.MatchString("\tgo s.run(x)") {
		t.Fatal("the pattern does not find a go statement")
	}
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "task/task.go") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if m := bare.Find(text); m != nil {
			t.Errorf("%s: %q: start it through task.Go", path, strings.TrimSpace(string(m)))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
