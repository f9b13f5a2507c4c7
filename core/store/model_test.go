package store

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rnnscope/core/kernel"
	"rnnscope/core/rnn"
)

// portable is what models in these tests run on.
func portable(t testing.TB) *kernel.Set {
	t.Helper()
	set, err := kernel.Choose("portable")
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// random is a model with weights of its own.
func random(t testing.TB, c rnn.Config) *rnn.Model {
	t.Helper()
	m, err := rnn.New(c, portable(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Init(rnn.Init{}, 11); err != nil {
		t.Fatal(err)
	}
	return m
}

// tensorsOf lists a model's tensors by name.
func tensorsOf(m *rnn.Model, prefix string) []Tensor {
	var list []Tensor
	for _, p := range m.Tensors() {
		list = append(list, Tensor{prefix + p.Name, p.Shape(), p.Value.Data})
	}
	return list
}

// logits runs streams of ids [B][T] through a model and returns [B,T,V].
func logits(m *rnn.Model, ids [][]int) []float32 {
	team := kernel.NewTeam(1)
	defer team.Close()
	B, T := len(ids), len(ids[0])
	tape := m.NewTape(T, B, team, 0)
	for b := range B {
		for s := range T {
			tape.IDs[s*B+b] = int32(ids[b][s])
		}
	}
	tape.Forward()
	var out []float32
	for b := range B {
		for s := range T {
			out = append(out, tape.Logits(s, b)...)
		}
	}
	return out
}

// forward is allowed float32's rounding in another order of summing, relative
// to the largest logit.
const forward = 1e-5

func compareLogits(t *testing.T, got []float32, want []float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d logits, want %d", len(got), len(want))
	}
	top := 0.0
	for _, x := range want {
		top = math.Max(top, math.Abs(x))
	}
	for i := range want {
		if !(math.Abs(float64(got[i])-want[i]) <= forward*top) {
			t.Fatalf("logit %d: got %v, PyTorch %v", i, got[i], want[i])
		}
	}
}

// The shapes of PyTorch's files are all that is needed to compute PyTorch's
// logits.
func TestFilesOfPyTorch(t *testing.T) {
	files, err := filepath.Glob("testdata/pytorch/*.safetensors")
	if err != nil || len(files) != 12 {
		t.Fatalf("%d files, want 12 (%v)", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".safetensors")
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile("../rnn/testdata/pytorch/" + name + ".json")
			if err != nil {
				t.Fatal(err)
			}
			var want struct {
				Cell                  string
				Layers, V, E, H, B, T int
				X                     [][]int
				Logits                []float64
			}
			if err := json.Unmarshal(text, &want); err != nil {
				t.Fatal(err)
			}
			opened, err := OpenModel(file, portable(t))
			if err != nil {
				t.Fatal(err)
			}
			c := rnn.Config{Cell: want.Cell, Vocab: want.V, Embed: want.E, Hidden: want.H, Layers: want.Layers}
			if opened.Model.Config != c {
				t.Errorf("got %+v, want %+v", opened.Model.Config, c)
			}
			if opened.Vocab != nil || opened.Info != nil {
				t.Errorf("a bare file has vocabulary %v and info %v", opened.Vocab, opened.Info)
			}
			compareLogits(t, logits(opened.Model, want.X), want.Logits)
		})
	}
}

// configs has every cell and what else changes the tensors.
func configs() []rnn.Config {
	var list []rnn.Config
	for _, cell := range rnn.Cells() {
		for layers := 1; layers <= 3; layers++ {
			list = append(list, rnn.Config{Cell: cell, Vocab: 5, Embed: 3, Hidden: 4, Layers: layers})
		}
		list = append(list, rnn.Config{Cell: cell, Vocab: 5, Embed: 4, Hidden: 4, Layers: 1, Tie: true})
	}
	return append(list, rnn.Config{Cell: "rnn", Activation: "relu", Vocab: 2, Embed: 1, Hidden: 1, Layers: 2})
}

// parts must list the tensors of rnn.New.
func TestPartsAreThoseOfTheModel(t *testing.T) {
	for _, c := range configs() {
		var got, want []string
		for _, p := range parts(c) {
			if !c.Tie || p.name != "fc.weight" {
				got = append(got, p.name+" "+shape(p.shape))
			}
		}
		for _, p := range random(t, c).Tensors() {
			want = append(want, p.Name+" "+strings.ReplaceAll(fmt.Sprint(p.Shape()), " ", ", "))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%+v:\ngot  %v\nwant %v", c, got, want)
		}
	}
}

func sameWeights(t *testing.T, got, want *rnn.Model) {
	t.Helper()
	for i, p := range want.Tensors() {
		if !slices.Equal(got.Tensors()[i].Value.Data, p.Value.Data) {
			t.Errorf("%+v: %s differs", want.Config, p.Name)
		}
	}
	ids := [][]int{{0, 1, 1, 0}}
	if !slices.Equal(logits(got, ids), logits(want, ids)) {
		t.Errorf("%+v: logits differ", want.Config)
	}
}

func TestWriteModelThenOpen(t *testing.T) {
	for _, c := range configs() {
		path := filepath.Join(t.TempDir(), "model.safetensors")
		m := random(t, c)
		if err := WriteModel(path, m); err != nil {
			t.Fatal(err)
		}
		opened, err := OpenModel(path, portable(t))
		if err != nil {
			t.Fatal(err)
		}
		if opened.Model.Config != c {
			t.Errorf("got %+v, want %+v", opened.Model.Config, c)
		}
		ids := [][]int{{0, 1, 1, 0}}
		if !slices.Equal(logits(opened.Model, ids), logits(m, ids)) {
			t.Errorf("%+v: logits differ", c)
		}
	}
}

// write puts tensors into a file of a new directory.
func write(t *testing.T, tensors []Tensor, metadata map[string]string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file.safetensors")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := writeTensors(f, tensors, metadata); err != nil {
		t.Fatal(err)
	}
	return path
}

func without(tensors []Tensor, names ...string) []Tensor {
	return slices.DeleteFunc(slices.Clone(tensors), func(t Tensor) bool { return slices.Contains(names, t.Name) })
}

func TestBiasesThatAreNotThereAreZero(t *testing.T) {
	m := random(t, rnn.Config{Cell: "gru", Vocab: 5, Embed: 3, Hidden: 4, Layers: 2})
	var names []string
	for _, p := range m.Tensors() {
		if p.Vector {
			names = append(names, p.Name)
			clear(p.Value.Data)
		}
	}
	m.Pack()
	opened, err := OpenModel(write(t, without(tensorsOf(m, ""), names...), nil), portable(t))
	if err != nil {
		t.Fatal(err)
	}
	sameWeights(t, opened.Model, m)
}

func TestStateAndTiedFilesAreModels(t *testing.T) {
	tied := random(t, rnn.Config{Cell: "lstm", Vocab: 5, Embed: 4, Hidden: 4, Layers: 2, Tie: true})
	relu := random(t, rnn.Config{Cell: "rnn", Activation: "relu", Vocab: 5, Embed: 3, Hidden: 4, Layers: 1})
	gru := random(t, rnn.Config{Cell: "gru", Vocab: 5, Embed: 3, Hidden: 4, Layers: 1})
	for name, c := range map[string]struct {
		path string
		want *rnn.Model
	}{
		"an activation that a GRU does not have": {write(t, tensorsOf(gru, ""), map[string]string{"activation": "gelu"}), gru},
		"no fc.weight":                           {write(t, tensorsOf(tied, ""), nil), tied},
		"a state":                                {write(t, append(tensorsOf(tied, modelPrefix), Tensor{"adam.m.fc.bias", []int{1}, []float32{1}}), nil), tied},
		"the activation":                         {write(t, tensorsOf(relu, ""), map[string]string{"activation": "relu"}), relu},
	} {
		opened, err := OpenModel(c.path, portable(t))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if opened.Model.Config != c.want.Config {
			t.Errorf("%s: got %+v, want %+v", name, opened.Model.Config, c.want.Config)
		}
		sameWeights(t, opened.Model, c.want)
	}
}

func TestFilesThatAreNoModel(t *testing.T) {
	lstm := tensorsOf(random(t, rnn.Config{Cell: "lstm", Vocab: 5, Embed: 3, Hidden: 4, Layers: 2}), "")
	reshaped := func(name string, shape ...int) []Tensor {
		list := slices.Clone(lstm)
		n := 1
		for _, d := range shape {
			n *= d
		}
		for i := range list {
			if list[i].Name == name {
				list[i] = Tensor{name, shape, make([]float32, n)}
			}
		}
		return list
	}
	extra := func(name string) []Tensor { return append(slices.Clone(lstm), Tensor{name, []int{1}, []float32{1}}) }
	for _, c := range []struct {
		name    string
		tensors []Tensor
		meta    map[string]string
		say     []string
	}{
		{"foreign", []Tensor{{"weight", []int{1}, []float32{1}}}, nil, []string{"embedding.weight is missing", "weight [1]"}},
		{"empty", nil, nil, []string{"embedding.weight is missing", "no tensors"}},
		{"no embedding", without(lstm, "embedding.weight"), nil, []string{"embedding.weight is missing", "and 2 more"}},
		{"no input weights", without(lstm, "rnn.weight_ih_l0"), nil, []string{"rnn.weight_ih_l0 is missing"}},
		{"no recurrent weights", without(lstm, "rnn.weight_hh_l0"), nil, []string{"rnn.weight_hh_l0 is missing"}},
		{"half a layer", without(lstm, "rnn.weight_hh_l1"), nil, []string{"rnn.weight_hh_l1 is missing"}},
		{"a layer missing", append(without(lstm, "rnn.weight_ih_l1", "rnn.weight_hh_l1", "rnn.bias_ih_l1", "rnn.bias_hh_l1"), Tensor{"rnn.weight_ih_l2", []int{16, 4}, make([]float32, 64)}), nil, []string{"rnn.weight_ih_l2 [16, 4]"}},
		{"no output", without(lstm, "fc.weight"), nil, []string{"fc.weight is missing"}},
		{"an encoder alone", without(tensorsOf(random(t, rnn.Config{Cell: "gru", Vocab: 5, Embed: 4, Hidden: 4, Layers: 1}), ""), "fc.weight", "fc.bias"), nil, []string{"fc.weight is missing"}},
		{"bidirectional", extra("rnn.weight_ih_l0_reverse"), nil, []string{"rnn.weight_ih_l0_reverse", "bidirectional"}},
		{"projections", extra("rnn.weight_hr_l0"), nil, []string{"rnn.weight_hr_l0", "projections"}},
		{"something else", extra("attention.weight"), nil, []string{"attention.weight [1]"}},
		{"two gates", reshaped("rnn.weight_hh_l0", 8, 4), nil, []string{"rnn.weight_hh_l0", "[8, 4]", "4 (LSTM)"}},
		{"rows that are no gates", reshaped("rnn.weight_hh_l0", 15, 4), nil, []string{"[15, 4]"}},
		{"an embedding of three sides", reshaped("embedding.weight", 5, 3, 1), nil, []string{"embedding.weight", "[5, 3, 1]"}},
		{"an empty embedding", reshaped("embedding.weight", 0, 3), nil, []string{"embedding.weight", "[0, 3]"}},
		{"another embedding size", reshaped("embedding.weight", 5, 2), nil, []string{"rnn.weight_ih_l0", "[16, 3]", "[16, 2]"}},
		{"another hidden size", reshaped("rnn.weight_ih_l1", 16, 5), nil, []string{"rnn.weight_ih_l1", "[16, 5]", "[16, 4]"}},
		{"another vocabulary", reshaped("fc.weight", 6, 4), nil, []string{"fc.weight", "[6, 4]", "[5, 4]"}},
		{"another bias", reshaped("rnn.bias_hh_l1", 4), nil, []string{"rnn.bias_hh_l1", "[4]", "[16]"}},
		{"a bias of two sides", reshaped("fc.bias", 1, 5), nil, []string{"fc.bias", "[1, 5]", "[5]"}},
		{"an unknown activation", tensorsOf(random(t, rnn.Config{Cell: "rnn", Vocab: 5, Embed: 3, Hidden: 4, Layers: 1}), ""), map[string]string{"activation": "gelu"}, []string{"gelu"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := write(t, c.tensors, c.meta)
			_, err := OpenModel(path, portable(t))
			checkError(t, err, append(c.say, path)...)
		})
	}
	path := filepath.Join(t.TempDir(), "integers.safetensors")
	if err := os.WriteFile(path, []byte(strings.ReplaceAll(bytesOf(lstm), `"F32"`, `"I32"`)), 0o666); err != nil {
		t.Fatal(err)
	}
	_, err := OpenModel(path, portable(t))
	checkError(t, err, path, "embedding.weight", "I32")
}

// checkError wants an error that says all of that, and a next move.
func checkError(t *testing.T, err error, say ...string) {
	t.Helper()
	e, ok := err.(*Error)
	if !ok {
		t.Fatalf("got error %T (%v), want an *Error", err, err)
	}
	if e.Try() == "" || strings.Contains(e.Error(), "\n") || strings.Contains(e.Error(), "%!") {
		t.Errorf("%q, next move %q", e.Error(), e.Try())
	}
	for _, s := range say {
		if !strings.Contains(e.Error()+"\n"+e.Try(), s) {
			t.Errorf("%q, next move %q, does not say %q", e.Error(), e.Try(), s)
		}
	}
}
