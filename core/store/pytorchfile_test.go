package store

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rnnscope/core/rnn"
)

// torchFiles runs testdata/torchfiles.py with a Python that has PyTorch.
func torchFiles(t *testing.T, args ...string) []byte {
	t.Helper()
	program := os.Getenv("RNNSCOPE_TEST_PYTHON")
	if program == "" {
		t.Skip("RNNSCOPE_TEST_PYTHON names no Python with PyTorch")
	}
	out, err := exec.Command(program, append([]string{"testdata/torchfiles.py"}, args...)...).Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		t.Fatalf("torchfiles.py %v: %v\n%s", args, err, exit.Stderr)
	} else if err != nil {
		t.Fatal(err)
	}
	return out
}

// What torch.save wrote once, in every form, computes PyTorch's logits.
func TestPyTorchFilesOpen(t *testing.T) {
	files, err := filepath.Glob("testdata/pytorch/*.pt")
	if err != nil || len(files) != 10 {
		t.Fatalf("%d files, want 10 (%v)", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".pt")
		opened, err := OpenModel(file, portable(t))
		if name == "whole_module" {
			checkError(t, err, file, "__main__.L", "state_dict")
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		reference := strings.TrimSuffix(name, ".legacy")
		text, err := os.ReadFile("../rnn/testdata/pytorch/" + reference + ".json")
		if err != nil {
			continue // no numbers beside it
		}
		var want struct {
			X      [][]int
			Logits []float64
		}
		if err := json.Unmarshal(text, &want); err != nil {
			t.Fatal(err)
		}
		compareLogits(t, logits(opened.Model, want.X), want.Logits)
	}
}

// Files as other programs write them: modules under other names, prefixes,
// checkpoints, tied and missing tensors, transposed ones, views of one storage,
// other types.
func TestPyTorchFilesOfOthers(t *testing.T) {
	dir := t.TempDir()
	torchFiles(t, "make", dir)
	ids := [][]int{{0, 3, 1, 4, 1, 2, 0, 0}, {4, 4, 2, 3, 0, 1, 1, 2}}
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil || len(files) < 15 {
		t.Fatalf("%d files (%v)", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		t.Run(name, func(t *testing.T) {
			opened, err := OpenModel(strings.TrimSuffix(file, ".json")+".pt", portable(t))
			if err != nil {
				t.Fatal(err)
			}
			if tied := strings.HasSuffix(name, "-tied"); tied != opened.Model.Tie {
				t.Errorf("tied is %v", opened.Model.Tie)
			}
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var streams [][][]float64
			if err := json.Unmarshal(text, &streams); err != nil {
				t.Fatal(err)
			}
			var want []float64
			for _, stream := range streams {
				for _, step := range stream {
					want = append(want, step...)
				}
			}
			compareLogits(t, logits(opened.Model, ids), want)
		})
	}
	for name, say := range map[string][]string{
		"bidirectional": {"_l0_reverse", "bidirectional"}, "projections": {"weight_hr_l0", "projections"},
		"class": {"collections.Counter", "state_dict"}, "two": {"a.rnn.weight_ih_l0", "b.rnn.weight_ih_l0"},
		"module": {"__main__.Model"}, "expanded": {"repeats"},
	} {
		path := filepath.Join(dir, "refused-"+name+".pt")
		_, err := OpenModel(path, portable(t))
		checkError(t, err, append(say, path)...)
	}
}

// What is written here, torch.load opens with weights_only, number for number,
// and so does OpenModel.
func TestPyTorchOpensWhatIsWritten(t *testing.T) {
	var models []*rnn.Model
	args := []string{"open"}
	for _, c := range configs() {
		m := random(t, c)
		path := filepath.Join(t.TempDir(), "model.pt")
		if err := writePyTorch(path, m); err != nil {
			t.Fatal(err)
		}
		again, err := OpenModel(path, portable(t))
		if err != nil {
			t.Fatal(err)
		}
		want := c
		want.Activation = "" // which no tensor tells
		if again.Model.Config != want {
			t.Errorf("got %+v, want %+v", again.Model.Config, want)
		}
		if !slices.Equal(again.Model.Weights(), m.Weights()) {
			t.Errorf("%+v: other weights", c)
		}
		models, args = append(models, m), append(args, path)
	}
	var files []struct {
		Tensors map[string]json.RawMessage
		Shared  [][]string
	}
	if err := json.Unmarshal(torchFiles(t, args...), &files); err != nil {
		t.Fatal(err)
	}
	for i, m := range models {
		for _, p := range m.Tensors() {
			var values []float32
			for number := range strings.FieldsFuncSeq(string(files[i].Tensors[p.Name]), func(r rune) bool { return strings.ContainsRune("[], ", r) }) {
				var x float32
				if err := json.Unmarshal([]byte(number), &x); err != nil {
					t.Fatal(err)
				}
				values = append(values, x)
			}
			if !slices.Equal(values, p.Value.Data) {
				t.Errorf("%+v: %s differs", m.Config, p.Name)
			}
		}
		if n := len(files[i].Tensors); n != len(parts(m.Config)) || len(files[i].Shared) > 0 != m.Tie {
			t.Errorf("%+v: %d tensors, shared %v", m.Config, n, files[i].Shared)
		}
	}
}

// Ten times the file and two megabytes: buffers, stacks at their limit.
const (
	allowedShare = 10
	allowedLeast = 2 << 20
)

func FuzzPyTorch(f *testing.F) {
	files, err := filepath.Glob("testdata/pytorch/*.pt")
	if err != nil || len(files) == 0 {
		f.Fatal(err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	set := portable(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		n := allocated(func() {
			tensors, err := parsePyTorch(bytes.NewReader(b), int64(len(b)))
			if err != nil {
				return
			}
			for _, e := range tensors.Entries {
				values, err := tensors.Float32s(e.Name)
				count := uint64(1)
				for _, d := range e.Shape {
					count *= d
				}
				if err == nil && uint64(len(values)) != count {
					t.Errorf("%q %v: %d values", e.Name, e.Shape, len(values))
				}
			}
			modelIn(tensors, set)
		})
		if limit := uint64(allowedShare*len(b) + allowedLeast); n > limit {
			t.Errorf("a file of %d bytes made the reader allocate %d", len(b), n)
		}
	})
}

// FuzzPickle feeds the machine itself, past the archive around it.
func FuzzPickle(f *testing.F) {
	m, err := rnn.New(rnn.Config{Cell: "lstm", Vocab: 3, Embed: 2, Hidden: 2, Layers: 1}, portable(f))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(pickleOf(tensorsOf(m, ""), map[string]int{}))
	f.Add([]byte("\x80\x02}(K\x01X\x01\x00\x00\x00aq\x00h\x00U\x01bu]q\x01(K\x01Ne."))
	f.Add([]byte("\x80\x04\x95\x10\x00\x00\x00\x00\x00\x00\x00\x8c\x0bcollections\x8c\x0bOrderedDict\x93\x94)R\x94}b."))
	f.Fuzz(func(t *testing.T, b []byte) {
		n := allocated(func() {
			u := newUnpickler(bufio.NewReader(bytes.NewReader(b)), int64(len(b)), memoryShare*int64(len(b))+memoryLeast)
			v, err := u.load()
			if err == nil {
				c := collector{left: mostViewed * uint64(len(b)), seen: map[*dict]bool{}}
				c.collect(nil, v)
			}
		})
		if limit := uint64(allowedShare*len(b) + allowedLeast); n > limit {
			t.Errorf("a pickle of %d bytes made the machine allocate %d", len(b), n)
		}
	})
}
