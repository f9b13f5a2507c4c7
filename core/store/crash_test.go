package store

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// saver, when set, makes the test binary a program that saves into the run it
// names, again and again, until it is killed.
const saver = "RNNSCOPE_TEST_SAVER"

func TestMain(m *testing.M) {
	if dir := os.Getenv(saver); dir != "" {
		fmt.Fprintln(os.Stderr, saveForever(dir))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// marked is a state of which every number is n, as is its text.
func marked(n int) (tensors []Tensor, meta string) {
	for _, p := range parts(small) {
		shape, size := []int{}, 1
		for _, d := range p.shape {
			shape, size = append(shape, int(d)), size*int(d)
		}
		tensors = append(tensors, Tensor{modelPrefix + p.name, shape, make([]float32, size)})
	}
	tensors = append(tensors, Tensor{"adam.m", []int{1 << 16}, make([]float32, 1<<16)})
	for _, t := range tensors {
		for i := range t.Data {
			t.Data[i] = float32(n)
		}
	}
	return tensors, strconv.Itoa(n)
}

func saveForever(dir string) error {
	r, err := Resume(dir)
	if err != nil {
		return err
	}
	for n := 1; ; n++ {
		if err := r.Append(map[string]any{"event": "update", "update": n}); err != nil {
			return err
		}
		if err := r.Save(marked(n)); err != nil {
			return err
		}
		fmt.Println(n)
	}
}

// Whenever the program is killed, the run on disk is one that was saved, whole,
// with all its metrics.
func TestKilledWhileSaving(t *testing.T) {
	for kill := 1; kill <= 8; kill++ {
		r := newRun(t, small)
		if err := r.Save(marked(0)); err != nil {
			t.Fatal(err)
		}
		r.Close()
		c := exec.Command(os.Args[0])
		c.Env = append(os.Environ(), saver+"="+r.Dir())
		c.Stderr = os.Stderr
		out, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		said := 0
		for lines := bufio.NewScanner(out); said < kill && lines.Scan(); {
			said, _ = strconv.Atoi(lines.Text())
		}
		c.Process.Kill()
		c.Wait()
		if said != kill {
			t.Fatalf("the saver ended after %d saves", said)
		}

		again, err := Resume(r.Dir())
		if err != nil {
			t.Fatal(err)
		}
		defer again.Close()
		state, err := ReadState(r.Dir())
		if err != nil {
			t.Fatal(err)
		}
		n, _ := strconv.Atoi(state.Meta)
		if n < said {
			t.Errorf("the state is that of save %d, but %d was done", n, said)
		}
		for name, values := range state.tensors {
			for _, x := range values {
				if x != float32(n) {
					t.Fatalf("save %d: %s has the number %v", n, name, x)
				}
			}
		}
		opened, err := OpenModel(r.Dir(), portable(t))
		if err != nil {
			t.Fatal(err)
		}
		if got := int(opened.Model.Tensors()[0].Value.Data[0]); got != n && got != n-1 {
			t.Errorf("the state is that of save %d, the model that of %d", n, got)
		}
		rows, err := collected(History(r.Dir()))
		if err != nil {
			t.Fatal(err)
		}
		metrics, err := os.ReadFile(filepath.Join(r.Dir(), metricsFile))
		if err != nil {
			t.Fatal(err)
		}
		if torn := len(metrics) > 0 && metrics[len(metrics)-1] != '\n'; torn || len(rows) < n {
			t.Errorf("save %d: %d updates in the metrics, torn %v", n, len(rows), torn)
		}
		left, err := filepath.Glob(filepath.Join(r.Dir(), ".*"))
		if err != nil || len(left) > 0 {
			t.Errorf("left behind: %s", strings.Join(left, ", "))
		}
	}
}
