package store

import (
	"bytes"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"
	"testing"
)

// inner, when set, marks a process of its own for a test that limits files.
const inner = "RNNSCOPE_TEST_INNER"

// alone runs the test once more in a process of its own, because limitFiles
// would also hit the test log. It says whether this is that process.
func alone(t *testing.T) bool {
	t.Helper()
	if os.Getenv(inner) != "" {
		return true
	}
	c := exec.Command(os.Args[0], "-test.v", "-test.run=^"+t.Name()+"$")
	c.Env = append(os.Environ(), inner+"=1")
	if out, err := c.CombinedOutput(); err != nil || !bytes.Contains(out, []byte("--- PASS: "+t.Name())) {
		t.Fatalf("%v\n%s", err, out)
	}
	return false
}

// limitFiles makes the kernel refuse to let a file grow beyond n bytes, which
// to a program is a disk that runs full in the middle of a write.
func limitFiles(t *testing.T, n uint64) (lift func()) {
	t.Helper()
	var old syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
		t.Fatal(err)
	}
	signal.Ignore(syscall.SIGXFSZ)
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: n, Max: old.Max}); err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
			t.Error(err)
		}
	}
}

func TestFullDisk(t *testing.T) {
	if !alone(t) {
		return
	}
	r := newRun(t, small)
	m := random(t, small)
	if err := r.Save(tensorsOf(m, modelPrefix), "1"); err != nil {
		t.Fatal(err)
	}
	before := content(t, r.Dir())
	lift := limitFiles(t, 1000)
	err := r.Save(tensorsOf(m, modelPrefix), "2")
	lift()
	checkError(t, err, stateFile, "file too large", "intact")
	if after := content(t, r.Dir()); !reflect.DeepEqual(after, before) {
		t.Errorf("a save that failed changed the run: %d files, then %d", len(before), len(after))
	}
	if err := r.Save(tensorsOf(m, modelPrefix), "3"); err != nil {
		t.Errorf("with room again: %v", err)
	}
}

func TestCreateOnAFullDiskLeavesNothing(t *testing.T) {
	if !alone(t) {
		return
	}
	dir := filepath.Join(t.TempDir(), "run")
	lift := limitFiles(t, 0)
	_, err := Create(dir, infoOf(t, small))
	lift()
	checkError(t, err, infoFile, "file too large")
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("the directory is still there: %v", err)
	}
}

// Opening a named pipe would wait for somebody to write.
func TestNamedPipeIsNoModel(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Skip(err)
	}
	_, err := OpenModel(path, portable(t))
	checkError(t, err, path, "no regular file")
}

// Nor is it asked what stands beside a model, and it is not written over.
func TestNamedPipeIsNoCompanion(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "m.safetensors")
	m := random(t, small)
	if err := WriteModel(path, m); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "m.json"), 0o600); err != nil {
		t.Skip(err)
	}
	if opened, err := OpenModel(path, portable(t)); err != nil || opened.Vocab != nil {
		t.Errorf("%+v, %v", opened, err)
	}
	_, err := Export(filepath.Join(dir, "m.pt"), m, nil, Text{}, false)
	checkError(t, err, "m.json exists", "--force")
}

func TestMetricsOutliveAFullDisk(t *testing.T) {
	if !alone(t) {
		return
	}
	r := newRun(t, small)
	line := map[string]string{"event": "0123456789"} // 23 bytes and a newline
	add := func() error {
		if err := r.Append(line); err != nil {
			t.Fatal(err)
		}
		return r.Flush()
	}
	if err := add(); err != nil {
		t.Fatal(err)
	}
	lift := limitFiles(t, 40)
	err := add()
	again := r.Append(line)
	whole := content(t, r.Dir())[metricsFile]
	lift()
	checkError(t, err, metricsFile, "file too large")
	checkError(t, again, metricsFile, "file too large")
	const want = "{\"event\":\"0123456789\"}\n"
	if whole != want {
		t.Errorf("while the disk is full: got %q, want %q", whole, want)
	}
	if err := r.Flush(); err != nil {
		t.Errorf("with room again: %v", err)
	}
	if got := content(t, r.Dir())[metricsFile]; got != want+want+want {
		t.Errorf("with room again: got %q, want three lines", got)
	}
	if err := r.Close(); err != nil {
		t.Errorf("all is written, and yet: %v", err)
	}
}

// Lines that were not taken are told of at the end.
func TestLostMetricsAreToldOf(t *testing.T) {
	if !alone(t) {
		return
	}
	r := newRun(t, small)
	lift := limitFiles(t, 40)
	for range 3 { // the second fills what is kept, the third is lost
		r.Append(strings.Repeat("x", mostKept))
	}
	lift()
	checkError(t, r.Close(), metricsFile, "file too large")
}

func TestSamplesOnAFullDisk(t *testing.T) {
	r := newRun(t, small)
	if err := os.Symlink("/dev/full", filepath.Join(r.Dir(), samplesFile)); err != nil {
		t.Skip(err)
	}
	checkError(t, r.AddSample(Written{Update: 1, Text: "text"}), samplesFile, "no space left on device", "make room")
}
