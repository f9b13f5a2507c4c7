package store

import (
	"archive/zip"
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path"
	"slices"
	"strings"

	"rnnscope/core/say"
)

// PyTorch's files, as torch.save writes them:
//
//	since 1.6   a zip archive, nothing compressed: NAME/data.pkl, a pickle of the
//	            object; NAME/data/KEY, the storages; NAME/byteorder, since 2.1
//	before      pickles one after the other: a magic number, the protocol 1001,
//	            the machine's sizes, the object, a list of keys; then for each key
//	            the number of elements, 8 bytes, and the storage
//
// The object may be a tensor's dictionary or a checkpoint with one somewhere
// inside: names of tensors are the keys on the way, joined by dots. The pickle
// can make nothing but tensors and dictionaries (pickle.go).
const (
	legacyMagic    = -0x5795df06b9630394 // the low 8 bytes of 0x1950a86a20f9469cfc6c
	legacyProtocol = 1001

	memoryShare = 8         // bytes that a pickle may need for each of the file,
	memoryLeast = 256 << 10 // and for the smallest
	mostViewed  = 4         // bytes that tensors may have for each of the file, sharing storages
	mostNested  = 8         // dictionaries in dictionaries
	mostName    = 512       // bytes of a tensor's name
)

// openPyTorch opens a file of torch.save. Close it. The error is a *Error.
func openPyTorch(path string) (*Tensors, error) {
	f, size, err := openRegular(path)
	if err != nil {
		return nil, err
	}
	t, err := parsePyTorch(f, size)
	if err != nil {
		f.Close()
		var unknown *foreign
		if errors.As(err, &unknown) {
			return nil, &Error{
				What: say.Textf("%s: %v", path, err),
				Hint: say.Textf(`save the weights alone: torch.save(model.state_dict(), "model.pt")`), Err: err,
			}
		}
		return nil, &Error{
			What: say.Textf("%s: no PyTorch file that can be read: %v", path, reason(err)),
			Hint: say.Textf(`save it again: torch.save(model.state_dict(), "model.pt")`), Err: err,
		}
	}
	t.close = f.Close
	return t, nil
}

// openRegular opens a file for reading that is no directory, pipe or device.
func openRegular(path string) (*os.File, int64, error) {
	info, err := os.Stat(path) // before Open, which would wait at a named pipe
	if err == nil && !info.Mode().IsRegular() {
		err = say.Errorf("it is no regular file")
	}
	if err != nil {
		return nil, 0, unread(path, err, tryModel)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, unread(path, err, tryModel)
	}
	return f, info.Size(), nil
}

// parsePyTorch reads what a file of torch.save, of size bytes, says of its
// tensors.
func parsePyTorch(r io.ReaderAt, size int64) (*Tensors, error) {
	var first [4]byte
	if _, err := r.ReadAt(first[:], 0); err != nil && err != io.EOF {
		return nil, err
	}
	object, places, err := any(nil), map[string]place(nil), error(nil)
	if string(first[:]) == "PK\x03\x04" {
		object, places, err = readZip(r, size)
	} else {
		object, places, err = readLegacy(r, size)
	}
	if err != nil {
		return nil, err
	}
	c := collector{places: places, left: mostViewed * uint64(size), seen: map[*dict]bool{}}
	if err := c.collect(nil, object); err != nil {
		return nil, err
	}
	slices.SortFunc(c.entries, func(a, b Entry) int { return strings.Compare(a.Name, b.Name) })
	for i := 1; i < len(c.entries); i++ {
		if c.entries[i].Name == c.entries[i-1].Name {
			return nil, say.Errorf("%q is there twice", c.entries[i].Name)
		}
	}
	return newTensors(c.entries, nil, r, 0), nil
}

// A place is where in the file a storage is.
type place struct{ begin, bytes uint64 }

// readZip reads the pickle of a zip archive and finds the storages.
func readZip(r io.ReaderAt, size int64) (object any, places map[string]place, err error) {
	archive, err := zip.NewReader(r, size)
	if err != nil {
		return nil, nil, say.Errorf("the archive is damaged or cut off (%w)", err)
	}
	var pickle *zip.File
	for _, f := range archive.File {
		if _, file, _ := strings.Cut(f.Name, "/"); file == "data.pkl" {
			pickle = f
		}
	}
	if pickle == nil {
		return nil, nil, say.Errorf("the archive has no data.pkl")
	}
	dir := path.Dir(pickle.Name)
	places = map[string]place{}
	var at place
	for _, f := range archive.File {
		name, ours := strings.CutPrefix(f.Name, dir+"/")
		key, isStorage := strings.CutPrefix(name, "data/")
		if !ours || !isStorage && name != "data.pkl" && name != "byteorder" {
			continue
		}
		begin, err := f.DataOffset()
		if err != nil {
			return nil, nil, say.Errorf("the archive is damaged or cut off (%w)", err)
		}
		n := f.UncompressedSize64
		if f.Method != zip.Store || f.CompressedSize64 != n {
			return nil, nil, say.Errorf("%s in the archive is compressed, as PyTorch never does", name)
		}
		if uint64(begin) > uint64(size) || n > uint64(size)-uint64(begin) {
			return nil, nil, say.Errorf("%s in the archive reaches beyond the end of the file", name)
		}
		here := place{uint64(begin), n}
		switch {
		case isStorage:
			places[key] = here
		case name == "data.pkl":
			at = here
		default:
			if err := littleEndian(r, here); err != nil {
				return nil, nil, err
			}
		}
	}
	u := newUnpickler(bufio.NewReader(io.NewSectionReader(r, int64(at.begin), int64(at.bytes))), int64(at.bytes), memoryShare*size+memoryLeast)
	object, err = u.load()
	return object, places, err
}

// littleEndian refuses what a big-endian machine wrote.
func littleEndian(r io.ReaderAt, at place) error {
	b := make([]byte, min(at.bytes, 6))
	if _, err := r.ReadAt(b, int64(at.begin)); err != nil {
		return err
	}
	if string(b) != "little" {
		return errBigEndian
	}
	return nil
}

var errBigEndian = say.Errorf("a big-endian machine wrote it, and its numbers are not read here")

// readLegacy reads the pickles of a file from before PyTorch 1.6.
func readLegacy(r io.ReaderAt, size int64) (object any, places map[string]place, err error) {
	reader := bufio.NewReader(io.NewSectionReader(r, 0, size))
	u := newUnpickler(reader, size, memoryShare*size+memoryLeast)
	var parts [4]any
	for i := range parts {
		if parts[i], err = u.load(); err != nil {
			return nil, nil, err
		}
		if i == 0 && parts[0] != int64(legacyMagic) || i == 1 && parts[1] != int64(legacyProtocol) {
			return nil, nil, say.Errorf("it is neither an archive nor begins with PyTorch's magic number")
		}
	}
	if system, is := parts[2].(*dict); is && system.values["little_endian"] == false {
		return nil, nil, errBigEndian
	}
	elements := map[string]*storage{}
	for _, s := range u.storages {
		elements[s.key] = s
	}
	u.keep = true // the one list whose items count
	keys, err := u.load()
	if err != nil {
		return nil, nil, err
	}
	list, is := keys.(*sequence)
	if !is {
		return nil, nil, errPickleOrder
	}
	places = map[string]place{}
	for _, item := range list.items {
		key, _ := item.(string)
		s := elements[key]
		if s == nil {
			return nil, nil, say.Errorf("storage %q is in the file and in no tensor", key)
		}
		length, err := u.bytes(8)
		if err != nil {
			return nil, nil, err
		}
		n := binary.LittleEndian.Uint64(length)
		bytes := n * dtypes[s.dtype].bits / 8
		if n != s.elements || n > uint64(size) || bytes > uint64(u.left) {
			return nil, nil, errPickleEnds
		}
		places[key] = place{uint64(size - u.left), bytes}
		for skip := int64(bytes); skip > 0; {
			piece := min(skip, 1<<30)
			if _, err := reader.Discard(int(piece)); err != nil {
				return nil, nil, ended(err)
			}
			skip -= piece
		}
		u.left -= int64(bytes)
	}
	return parts[3], places, nil
}
