package store

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The two records of TensorFlow's own writer, at the times 1 and 2.
const eventsSample = "1800000000000000a37f4b2209000000000000f03f1a0d627261696e2e4576656e743a3286bf577a" +
	"200000000000000029eda95009000000000000004010072a130a110a0a747261696e2f6c6f737315000020409f7ba4f7"

func TestEventsAreThoseOfTensorFlow(t *testing.T) {
	want, err := hex.DecodeString(eventsSample)
	if err != nil {
		t.Fatal(err)
	}
	var e Events
	e.event(time.Unix(1, 0), 0, 3, []byte("brain.Event:2"))
	e.event(time.Unix(2, 0), 7, 5, summary("train/loss", 2.5))
	if !bytes.Equal(e.pending, want) {
		t.Errorf("got  %x\nwant %x", e.pending, want)
	}
	got, err := readScalars(want)
	if err != nil || len(got) != 1 || got[0] != (scalar{"train/loss", 7, 2, 2.5}) {
		t.Errorf("the sample has %v (%v)", got, err)
	}
	if c := masked([]byte("123456789")); c != 0xc78ab0e5 {
		t.Errorf("masked CRC32C of 123456789: %#x, want 0xc78ab0e5", c)
	}
}

func TestEventFile(t *testing.T) {
	dir := t.TempDir()
	e, err := NewEvents(dir, 1)
	if err != nil {
		t.Fatal(err)
	}
	other, err := NewEvents(dir, 300) // of a run that goes on
	if err != nil || other.Path() == e.Path() {
		t.Fatalf("%v: %s twice", err, e.Path())
	}
	values := []float64{2.5, math.NaN(), 1e300, -0.125}
	for i, x := range values {
		if err := e.Scalar("valid/困惑度", int64(i)+127, x); err != nil {
			t.Fatal(err)
		}
	}
	for _, e := range []*Events{e, other} {
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(e.Path())
		if parts := strings.Split(name, "."); len(parts) < 7 || len(parts[3]) != 10 {
			t.Errorf("the file is called %s", name)
		}
	}
	b, err := os.ReadFile(e.Path())
	if err != nil {
		t.Fatal(err)
	}
	got, err := readScalars(b)
	if err != nil || len(got) != len(values) {
		t.Fatalf("%d values of %d (%v)", len(got), len(values), err)
	}
	for i, s := range got {
		same := math.Float32bits(s.Value) == math.Float32bits(float32(values[i])) || s.Value != s.Value && values[i] != values[i]
		if !same || s.Tag != "valid/困惑度" || s.Step != int64(i)+127 || math.Abs(s.Wall-float64(time.Now().Unix())) > 600 {
			t.Errorf("value %d: %+v, want %v", i, s, values[i])
		}
	}
	b, err = os.ReadFile(other.Path())
	if err != nil {
		t.Fatal(err)
	}
	// wall time, step 300, session_log { status: START }
	if start := []byte{2 << 3, 0xac, 2, 7<<3 | 2, 2, 1 << 3, 1}; !bytes.Contains(b, start) {
		t.Errorf("%x has no %x", b, start)
	}
}

var errTorn = errors.New("it ends in the middle")

// scalar is one value of an event file.
type scalar struct {
	Tag   string
	Step  int64
	Wall  float64 // seconds since 1970
	Value float32
}

// readScalars reads the scalars of an event file, up to a record that is torn.
// Everything else in it is passed over; a wrong checksum is an error.
func readScalars(b []byte) ([]scalar, error) {
	var out []scalar
	for at := 0; len(b) >= 16; {
		n := binary.LittleEndian.Uint64(b)
		if masked(b[:8]) != binary.LittleEndian.Uint32(b[8:]) {
			return out, fmt.Errorf("the record at byte %d has a wrong checksum", at)
		}
		if n > uint64(len(b)-16) {
			break
		}
		payload := b[12 : 12+n]
		if masked(payload) != binary.LittleEndian.Uint32(b[12+n:]) {
			return out, fmt.Errorf("the record at byte %d has a wrong checksum", at)
		}
		scalars, err := scalarsOf(payload)
		if err != nil {
			return out, fmt.Errorf("the record at byte %d is damaged: %w", at, err)
		}
		out = append(out, scalars...)
		b = b[16+n:]
		at += int(16 + n)
	}
	return out, nil
}

// scalarsOf reads the scalars of an event.
func scalarsOf(event []byte) ([]scalar, error) {
	var shared scalar
	var out []scalar
	err := fields(event, func(field uint64, number uint64, content []byte) error {
		switch field {
		case 1:
			shared.Wall = math.Float64frombits(number)
		case 2:
			shared.Step = int64(number)
		case 5:
			return fields(content, func(field, _ uint64, value []byte) error {
				if field != 1 {
					return nil
				}
				var s scalar
				is := false
				err := fields(value, func(field, number uint64, content []byte) error {
					switch field {
					case 1:
						s.Tag = string(content)
					case 2:
						s.Value, is = math.Float32frombits(uint32(number)), true
					}
					return nil
				})
				if is {
					out = append(out, s)
				}
				return err
			})
		}
		return nil
	})
	for i := range out { // the step may stand after the values
		out[i].Wall, out[i].Step = shared.Wall, shared.Step
	}
	return out, err
}

// fields visits those of a protocol buffer: number is the value of one of 32 or
// 64 bits or a varint, content that of a string or message.
func fields(b []byte, visit func(field, number uint64, content []byte) error) error {
	for len(b) > 0 {
		key, n := binary.Uvarint(b)
		if n <= 0 {
			return errTorn
		}
		b = b[n:]
		var number uint64
		var content []byte
		switch wire := key & 7; {
		case wire == 0:
			if number, n = binary.Uvarint(b); n <= 0 {
				return errTorn
			}
			b = b[n:]
		case wire == 1 && len(b) >= 8:
			number, b = binary.LittleEndian.Uint64(b), b[8:]
		case wire == 5 && len(b) >= 4:
			number, b = uint64(binary.LittleEndian.Uint32(b)), b[4:]
		case wire == 2:
			size, n := binary.Uvarint(b)
			if n <= 0 || size > uint64(len(b)-n) {
				return errTorn
			}
			content, b = b[n:n+int(size)], b[n+int(size):]
		default:
			return errTorn
		}
		if err := visit(key>>3, number, content); err != nil {
			return err
		}
	}
	return nil
}
