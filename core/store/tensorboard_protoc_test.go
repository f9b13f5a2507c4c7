package store

import (
	"bytes"
	"encoding/binary"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// protoc, where it is installed, reads in every event what was put there, and
// nothing that the schema does not have.
func TestProtocReadsEvents(t *testing.T) {
	protoc, err := exec.LookPath("protoc")
	if err != nil {
		t.Skip("protoc is not installed")
	}
	e, err := NewEvents(t.TempDir(), 300)
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]float64{"train/loss": 2.5, "valid/perplexity": 1e30, "lr": 0.002, "训练": -0.125}
	tags := []string{"train/loss", "valid/perplexity", "lr", "训练"}
	for i, tag := range tags {
		if err := e.Scalar(tag, int64(i)+300, values[tag]); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(e.Path())
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for len(file) > 0 {
		n := binary.LittleEndian.Uint64(file)
		decode := exec.Command(protoc, "--decode=Event", "event.proto")
		decode.Dir, decode.Stdin = "testdata", bytes.NewReader(file[12:12+n])
		out, err := decode.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		said = append(said, string(out))
		file = file[12+n+4:]
	}
	if len(said) != 2+len(tags) || !strings.Contains(said[0], `file_version: "brain.Event:2"`) || !strings.Contains(said[1], "status: START") || !strings.Contains(said[1], "step: 300") {
		t.Fatalf("%d events: %q", len(said), said)
	}
	unknown := regexp.MustCompile(`(?m)^\s*\d+:`)
	value := regexp.MustCompile(`simple_value: (\S+)`)
	for i, tag := range tags {
		text := said[2+i]
		var got float64
		if m := value.FindStringSubmatch(text); m != nil {
			got, _ = strconv.ParseFloat(m[1], 64)
		}
		quoted := strconv.Quote(tag)
		if tag == "训练" {
			quoted = `"\350\256\255\347\273\203"` // protoc writes bytes
		}
		if !strings.Contains(text, "tag: "+quoted) || !strings.Contains(text, "step: "+strconv.Itoa(300+i)) || float32(got) != float32(values[tag]) {
			t.Errorf("%s is read as %s", tag, text)
		}
		if unknown.MatchString(text) {
			t.Errorf("%s has fields that the schema lacks: %s", tag, text)
		}
	}
}
