package store

import (
	"archive/zip"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWhatCannotBeOpened(t *testing.T) {
	dir := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
		return path
	}
	archive := filepath.Join(dir, "checkpoint.bin")
	f, err := os.Create(archive)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	if _, err := z.Create("archive/data.pkl"); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	f.Close()

	saved := newRun(t, small)
	if err := saved.Save(tensorsOf(random(t, small), modelPrefix), "{}"); err != nil {
		t.Fatal(err)
	}
	files := content(t, saved.Dir())
	model := files[modelFile]
	run := func(name string, change func(files map[string]string)) string {
		copied := map[string]string{}
		for k, v := range files {
			copied[k] = v
		}
		change(copied)
		for k, v := range copied {
			file(filepath.Join(name, k), v)
		}
		return filepath.Join(dir, name)
	}
	for _, c := range []struct {
		name, path string
		say        []string
	}{
		{"nothing", filepath.Join(dir, "nothing"), []string{"no such file", ".safetensors"}},
		{"a directory", filepath.Dir(file("texts/a.txt", "a")), []string{"a directory, but no run", "run.json"}},
		{"a text", file("good.txt", strings.Repeat("the quick brown fox\n", 100)), []string{"no model"}},
		{"an empty file", file("empty", ""), []string{"no model"}},
		{"an empty model", file("empty.safetensors", ""), []string{"not a whole safetensors file", "0 bytes"}},
		{"truncated", file("cut.safetensors", model[:len(model)-2]), []string{"not a whole safetensors file", "bytes"}},
		{"corrupt", file("bad.safetensors", "\x3c\x00\x00\x00\x00\xff\xff\xff"), []string{"not a whole safetensors file"}},
		{"PyTorch by name", file("x.pt", "PK\x03\x04"), []string{"the archive is damaged", "torch.save"}},
		{"PyTorch by its zip", archive, []string{"data.pkl in the archive is compressed", "torch.save"}},
		{"PyTorch by its pickle", file("legacy", "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9"), []string{"the pickle ends in the middle"}},
		{"a run without a save", run("unsaved", func(f map[string]string) { delete(f, modelFile); delete(f, stateFile) }), []string{"nothing has been saved"}},
		{"a run with a torn model", run("torn", func(f map[string]string) { f[modelFile] = model[:100] }), []string{modelFile, "not a whole"}},
		{"a run of another shape", run("mixed", func(f map[string]string) {
			f[infoFile] = strings.Replace(f[infoFile], `"hidden":4`, `"hidden":8`, 1)
		}), []string{modelFile, "rnn.weight_ih_l0", "[12, 3]", "[24, 3]"}},
		{"a run of untied weights that says tied", run("tied", func(f map[string]string) {
			f[infoFile] = strings.Replace(f[infoFile], `"embed":3,"hidden":4`, `"embed":4,"hidden":4,"tie":true`, 1)
			tied := small
			tied.Embed = 4
			f[modelFile] = bytesOf(tensorsOf(random(t, tied), ""))
		}), []string{modelFile, "tied"}},
		{"run.json torn", run("half", func(f map[string]string) { f[infoFile] = f[infoFile][:50] }), []string{infoFile, "damaged", modelFile}},
		{"run.json of nothing", run("null", func(f map[string]string) { f[infoFile] = "{}" }), []string{infoFile, "damaged"}},
		{"run.json of a later version", run("later", func(f map[string]string) { f[infoFile] = strings.Replace(f[infoFile], `"format": 1`, `"format": 2`, 1) }), []string{infoFile, "format 2", "later version"}},
		{"run.json with another vocabulary", run("vocab", func(f map[string]string) { f[infoFile] = strings.Replace(f[infoFile], `"vocab":5`, `"vocab":6`, 1) }), []string{infoFile, "5 tokens", "6"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := OpenModel(c.path, portable(t))
			checkError(t, err, append(c.say, c.path)...)
		})
	}
	_, err = ReadState(run("stateless", func(f map[string]string) { f[stateFile] = f[modelFile] }))
	checkError(t, err, stateFile, "not the state of a run")
}

func bytesOf(tensors []Tensor) string {
	var b strings.Builder
	if err := writeTensors(&b, tensors, nil); err != nil {
		panic(err)
	}
	return b.String()
}

func TestDeviceIsNoModel(t *testing.T) {
	if _, err := os.Stat("/dev/zero"); err != nil {
		t.Skip("this system has no /dev/zero")
	}
	_, err := OpenModel("/dev/zero", portable(t))
	checkError(t, err, "/dev/zero", "no regular file")
}

// The best model so far lies beside the run's own and shares its vocabulary.
func TestModelFileInARun(t *testing.T) {
	run, m := newRun(t, small), random(t, small)
	best := filepath.Join(run.Dir(), "best.safetensors")
	if err := WriteModel(best, m); err != nil {
		t.Fatal(err)
	}
	opened, err := OpenModel(best, portable(t))
	if err != nil {
		t.Fatal(err)
	}
	if opened.Vocab == nil || opened.Vocab.Len() != small.Vocab || opened.Info == nil {
		t.Errorf("vocabulary %v, info %v", opened.Vocab, opened.Info)
	}
	sameWeights(t, opened.Model, m)
}
