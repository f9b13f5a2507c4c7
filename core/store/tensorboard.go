package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Events is a TensorBoard event file that is being written: scalars by tag and
// step. It belongs to one goroutine. Records are written together, once a
// second and on Flush, and always whole.
//
//	record   length uint64, masked CRC32C of it, payload, masked CRC32C of that
//	payload  the protocol buffer Event: 1 wall_time double, 2 step int64, and one
//	         of 3 file_version string, 5 summary, 7 session_log
//	summary  1 value: 1 tag string, 2 simple_value float
//
// all little-endian (tensorflow/core/util/event.proto, summary.proto and
// lib/io/record_writer.cc).
type Events struct {
	path    string
	file    *os.File
	size    int64 // of the whole records in the file
	pending []byte
	flushed time.Time
}

// NewEvents makes an event file in a directory. first is the step that follows:
// TensorBoard forgets what older files of the directory have from there on, as
// of a run that was resumed.
func NewEvents(dir string, first int64) (*Events, error) {
	host, err := os.Hostname()
	if err != nil || strings.ContainsAny(host, `/\:`) || host == "" {
		host = "localhost"
	}
	for n := 0; ; n++ {
		name := fmt.Sprintf("events.out.tfevents.%010d.%s.%d.%d", time.Now().Unix(), host, os.Getpid(), n)
		path := filepath.Join(dir, name)
		f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o666)
		if errors.Is(err, os.ErrExist) && n < 1000 {
			continue
		}
		if err != nil {
			return nil, unwritten(path, err)
		}
		e := &Events{path: path, file: f}
		e.event(time.Now(), 0, 3, []byte("brain.Event:2"))
		if first > 1 {
			const start = 1
			e.event(time.Now(), first, 7, []byte{1 << 3, start})
		}
		return e, e.Flush()
	}
}

// Path is where the events are.
func (e *Events) Path() string { return e.path }

// Scalar adds a value. The error is that of a write.
func (e *Events) Scalar(tag string, step int64, value float64) error {
	e.event(time.Now(), step, 5, summary(tag, value))
	if time.Since(e.flushed) < flushEvery && len(e.pending) < flushBytes {
		return nil
	}
	return e.Flush()
}

// event adds a record. what is the field of the payload that content is.
func (e *Events) event(wall time.Time, step int64, what byte, content []byte) {
	if len(e.pending) > mostKept {
		return // writing fails, and has been told
	}
	b := appendFixed64(nil, 1, math.Float64bits(float64(wall.UnixMicro())/1e6))
	if step != 0 {
		b = binary.AppendUvarint(append(b, 2<<3), uint64(step))
	}
	e.pending = appendRecord(e.pending, appendBytes(b, what, content))
}

func summary(tag string, value float64) []byte {
	v := appendBytes(nil, 1, []byte(tag))
	v = append(v, 2<<3|5)
	v = binary.LittleEndian.AppendUint32(v, math.Float32bits(float32(value)))
	return appendBytes(nil, 1, v)
}

func appendFixed64(b []byte, field byte, x uint64) []byte {
	return binary.LittleEndian.AppendUint64(append(b, field<<3|1), x)
}

func appendBytes(b []byte, field byte, content []byte) []byte {
	b = binary.AppendUvarint(append(b, field<<3|2), uint64(len(content)))
	return append(b, content...)
}

func appendRecord(b, payload []byte) []byte {
	length := binary.LittleEndian.AppendUint64(nil, uint64(len(payload)))
	b = append(b, length...)
	b = binary.LittleEndian.AppendUint32(b, masked(length))
	b = append(b, payload...)
	return binary.LittleEndian.AppendUint32(b, masked(payload))
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// masked is the checksum of a record, rotated and shifted so that checksums of
// data with checksums in it stay good (lib/hash/crc32c.h).
func masked(b []byte) uint32 {
	c := crc32.Checksum(b, castagnoli)
	return (c>>15 | c<<17) + 0xa282ead8
}

// Flush writes what is pending.
func (e *Events) Flush() error {
	e.flushed = time.Now()
	if len(e.pending) == 0 {
		return nil
	}
	if _, err := e.file.WriteAt(e.pending, e.size); err != nil {
		e.file.Truncate(e.size) // no torn record, on which readers stop
		return unwritten(e.path, err)
	}
	e.size += int64(len(e.pending))
	e.pending = e.pending[:0]
	return nil
}

// Close writes what is pending and closes the file.
func (e *Events) Close() error {
	err := e.Flush()
	if closed := e.file.Close(); err == nil && closed != nil {
		err = unwritten(e.path, closed)
	}
	return err
}
