package store

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"rnnscope/core/kernel"
	"rnnscope/core/rnn"
	"rnnscope/core/train"
	"rnnscope/corpora"
)

// infoOf is the description of a run of a model.
func infoOf(t testing.TB, c rnn.Config) Info {
	t.Helper()
	var tokens []string
	for i := range c.Vocab {
		tokens = append(tokens, string(rune('<'+i)))
	}
	vocab, err := corpora.NewVocabulary(corpora.Char, corpora.Space, false, tokens)
	if err != nil {
		t.Fatal(err)
	}
	return Info{
		Command: []string{"rnnscope", "train", "a & b.txt"}, Model: c, Config: json.RawMessage(`{"lr":0.002}`), Vocabulary: vocab,
		Corpus: Text{Name: "a & b.txt", Bytes: 312, SHA256: "ab12", Options: corpora.Options{MinCount: 2, Split: [3]float64{0.9, 0.05, 0.05}}},
	}
}

var small = rnn.Config{Cell: "gru", Vocab: 5, Embed: 3, Hidden: 4, Layers: 2, Dropout: 0.25}

// newRun makes a run in a new directory, closed at the end of the test.
func newRun(t testing.TB, c rnn.Config) *Run {
	t.Helper()
	r, err := Create(filepath.Join(t.TempDir(), "runs", "one"), infoOf(t, c))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

func content(t testing.TB, dir string) map[string]string {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, f := range files {
		text, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		all[f.Name()] = string(text)
	}
	return all
}

func TestRunIsWhatWasSaved(t *testing.T) {
	for _, c := range append(configs(), small) {
		r := newRun(t, c)
		m := random(t, c)
		tensors := append(tensorsOf(m, modelPrefix), Tensor{"state.h_l0", []int{1, 2}, []float32{0.5, -1}})
		if err := r.Save(tensors, `{"update":7}`); err != nil {
			t.Fatal(err)
		}
		opened, err := OpenModel(r.Dir(), portable(t))
		if err != nil {
			t.Fatal(err)
		}
		if opened.Model.Config != c {
			t.Errorf("got %+v, want %+v", opened.Model.Config, c)
		}
		sameWeights(t, opened.Model, m)
		want := r.Info
		if !reflect.DeepEqual(opened.Info.Vocabulary, want.Vocabulary) || opened.Vocab != opened.Info.Vocabulary {
			t.Errorf("vocabulary: got %v, want %v", opened.Vocab, want.Vocabulary)
		}
		if !reflect.DeepEqual(*opened.Info, want) {
			t.Errorf("info: got %+v, want %+v", *opened.Info, want)
		}

		state, err := ReadState(r.Dir())
		if err != nil {
			t.Fatal(err)
		}
		if state.Meta != `{"update":7}` || state.Find("nothing") != nil {
			t.Errorf("state %q, tensor of another name %v", state.Meta, state.Find("nothing"))
		}
		for _, w := range tensors {
			if got := state.Find(w.Name); !slices.Equal(got, w.Data) {
				t.Errorf("%s: got %v, want %v", w.Name, got, w.Data)
			}
		}

		// As a bare file the state is the same model.
		if opened, err = OpenModel(filepath.Join(r.Dir(), stateFile), portable(t)); err != nil {
			t.Fatal(err)
		}
		sameWeights(t, opened.Model, m)

		// In the run it is enough without model.safetensors.
		if err := os.Remove(filepath.Join(r.Dir(), modelFile)); err != nil {
			t.Fatal(err)
		}
		if opened, err = OpenModel(r.Dir(), portable(t)); err != nil {
			t.Fatal(err)
		}
		sameWeights(t, opened.Model, m)
	}
}

func TestTrainerGoesOnFromARun(t *testing.T) {
	team := kernel.NewTeam(1)
	defer team.Close()
	trainer := func(m *rnn.Model) *train.Trainer {
		tr, err := train.New(m, &counting{}, team, train.Defaults())
		if err != nil {
			t.Fatal(err)
		}
		return tr
	}
	step := func(tr *train.Trainer) float64 {
		r, err := tr.Step()
		if err != nil {
			t.Fatal(err)
		}
		return r.Loss
	}
	first := trainer(random(t, small))
	for range 3 {
		step(first)
	}
	r := newRun(t, small)
	checkpoint := first.Checkpoint()
	var tensors []Tensor
	for _, n := range checkpoint.Tensors {
		tensors = append(tensors, Tensor(n))
	}
	meta, err := json.Marshal(checkpoint.Progress)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Save(tensors, string(meta)); err != nil {
		t.Fatal(err)
	}

	empty, err := rnn.New(small, portable(t))
	if err != nil {
		t.Fatal(err)
	}
	second := trainer(empty)
	state, err := ReadState(r.Dir())
	if err != nil {
		t.Fatal(err)
	}
	var progress train.Progress
	if err := json.Unmarshal([]byte(state.Meta), &progress); err != nil {
		t.Fatal(err)
	}
	if err := second.Restore(progress, state.Find); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if got, want := step(second), step(first); got != want {
			t.Errorf("update %d: loss %v, without a stop %v", first.Updates(), got, want)
		}
	}
}

// counting is a source of the ids 0, 1, 2, … modulo five.
type counting struct{ at int64 }

func (c *counting) Shape() (int, int)               { return 4, 2 }
func (c *counting) Windows() int                    { return 10 }
func (c *counting) Position() (epoch, offset int64) { return 0, c.at }
func (c *counting) SeekTo(_, offset int64) error    { c.at = offset; return nil }
func (c *counting) Next(inputs, targets []int32) (reset bool) {
	for i := range inputs {
		inputs[i], targets[i] = int32((c.at+int64(i))%5), int32((c.at+int64(i)*3)%5)
	}
	c.at += 4
	return false
}

func TestCreateWritesOverNothing(t *testing.T) {
	dir := t.TempDir()
	full := filepath.Join(dir, "full")
	if err := os.Mkdir(full, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(full, "thesis.txt"), []byte("years of work"), 0o666); err != nil {
		t.Fatal(err)
	}
	before := content(t, full)
	_, err := Create(full, infoOf(t, small))
	checkError(t, err, full, "exists", "not empty", "--out")
	if got := content(t, full); !reflect.DeepEqual(got, before) {
		t.Errorf("the directory now has %v", got)
	}

	r := newRun(t, small)
	if err := r.Save(tensorsOf(random(t, small), modelPrefix), "{}"); err != nil {
		t.Fatal(err)
	}
	before = content(t, r.Dir())
	_, err = Create(r.Dir(), infoOf(t, small))
	checkError(t, err, r.Dir(), "exists", "--resume "+r.Dir(), "--out")
	if got := content(t, r.Dir()); !reflect.DeepEqual(got, before) {
		t.Error("the run was changed")
	}

	path := filepath.Join(full, "thesis.txt")
	_, err = Create(path, infoOf(t, small))
	checkError(t, err, path, "--out")
	_, err = Create(filepath.Join(path, "run"), infoOf(t, small))
	checkError(t, err, path, "--out")

	empty := filepath.Join(dir, "empty")
	if err := os.Mkdir(empty, 0o777); err != nil {
		t.Fatal(err)
	}
	r, err = Create(empty, infoOf(t, small))
	if err != nil {
		t.Fatalf("an empty directory: %v", err)
	}
	r.Close()
}

func TestResume(t *testing.T) {
	r := newRun(t, small)
	_, err := Resume(r.Dir())
	checkError(t, err, r.Dir(), "nothing to go on with")
	if err := r.Save(tensorsOf(random(t, small), modelPrefix), "{}"); err != nil {
		t.Fatal(err)
	}
	if err := r.Append(map[string]any{"event": "update", "update": 1}); err != nil {
		t.Fatal(err)
	}
	if err := r.AddSample(Written{Update: 1, Temperature: 0.8, Text: "zhe old"}); err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	// What a killed program leaves: half a save, half a line.
	half := filepath.Join(r.Dir(), ".state.safetensors.0badf00d"+temporarySuffix)
	if err := os.WriteFile(half, []byte("half"), 0o666); err != nil {
		t.Fatal(err)
	}
	metrics := filepath.Join(r.Dir(), metricsFile)
	if err := os.WriteFile(metrics, []byte("{\"event\":\"update\",\"update\":1}\n{\"event\":\"upd"), 0o666); err != nil {
		t.Fatal(err)
	}

	again, err := Resume(r.Dir())
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if !reflect.DeepEqual(again.Info, r.Info) {
		t.Errorf("info: got %+v, want %+v", again.Info, r.Info)
	}
	info := again.Info
	info.Config = json.RawMessage(`{"lr":0.001}`)
	if err := again.Describe(info); err != nil {
		t.Fatal(err)
	}
	if err := again.Append(map[string]any{"event": "update", "update": 2}); err != nil {
		t.Fatal(err)
	}
	if err := again.AddSample(Written{Update: 2, Temperature: 0.8, Text: "the old"}); err != nil {
		t.Fatal(err)
	}
	if err := again.Flush(); err != nil {
		t.Fatal(err)
	}
	files := content(t, r.Dir())
	if _, ok := files[filepath.Base(half)]; ok {
		t.Error("half a save is still there")
	}
	if got, want := files[metricsFile], "{\"event\":\"update\",\"update\":1}\n{\"event\":\"update\",\"update\":2}\n"; got != want {
		t.Errorf("metrics: got %q, want %q", got, want)
	}
	if got, want := files[samplesFile], "== update 1, temperature 0.8\nzhe old\n\n== update 2, temperature 0.8\nthe old\n\n"; got != want {
		t.Errorf("samples: got %q, want %q", got, want)
	}
	if read, err := ReadInfo(r.Dir()); err != nil || string(read.Config) != `{"lr":0.001}` {
		t.Errorf("configuration described anew: %s (%v)", read.Config, err)
	}
}

func TestRunJSONIsReadableByPeople(t *testing.T) {
	r := newRun(t, small)
	text := content(t, r.Dir())[infoFile]
	if !json.Valid([]byte(text)) || !strings.Contains(text, `"command": ["rnnscope","train","a & b.txt"]`) || strings.Count(text, "\n") != 8 {
		t.Errorf("run.json:\n%s", text)
	}
}

func TestFailedSaveLeavesTheOldOne(t *testing.T) {
	for _, blocked := range []string{stateFile, modelFile} {
		r := newRun(t, small)
		old, fresh := random(t, small), random(t, small)
		for _, p := range fresh.Tensors() {
			for i := range p.Value.Data {
				p.Value.Data[i] = float32(math.Sqrt(float64(i)))
			}
		}
		if err := r.Save(tensorsOf(old, modelPrefix), "1"); err != nil {
			t.Fatal(err)
		}
		before := content(t, r.Dir())
		// A directory with something in it cannot be replaced by a file.
		path := filepath.Join(r.Dir(), blocked)
		if err := os.Rename(path, path+".aside"); err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(filepath.Join(path, "something"), 0o777); err != nil {
			t.Fatal(err)
		}
		checkError(t, r.Save(tensorsOf(fresh, modelPrefix), "2"), path, "cannot be written", "intact")
		if err := os.RemoveAll(path); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(path+".aside", path); err != nil {
			t.Fatal(err)
		}
		after := content(t, r.Dir())
		if after[blocked] != before[blocked] || len(after) != len(before) {
			t.Errorf("%s was changed, or something left behind: %d files, then %d", blocked, len(before), len(after))
		}
		if _, err := OpenModel(r.Dir(), portable(t)); err != nil {
			t.Error(err)
		}
	}
}

// Where a run's first weights came from is in its description; where it is not,
// the command that began it tells.
func TestOriginOfWeights(t *testing.T) {
	from := []string{"rnnscope", "train", "--from", "other"}
	for _, c := range []struct {
		weights Origin
		command []string
		drawn   bool
	}{
		{"", nil, true}, {"", from, false}, {"", []string{"rnnscope", "train", "--from=other"}, false},
		{OriginOf(true), from, true}, {OriginOf(false), nil, false},
	} {
		info := infoOf(t, small)
		info.Weights, info.Command = c.weights, c.command
		r, err := Create(filepath.Join(t.TempDir(), "run"), info)
		if err != nil {
			t.Fatal(err)
		}
		r.Close()
		if read, err := ReadInfo(r.Dir()); err != nil || read.Drawn() != c.drawn || read.Weights != c.weights {
			t.Errorf("%q, begun by %q: %+v, %v", c.weights, c.command, read, err)
		}
	}
}
