package corpora

import (
	"bytes"
	"crypto/sha256"
	"hash"
	"io"
	"time"
	"unicode/utf8"

	"rnnscope/core/say"
)

// bufferSize is what is read at a time.
const bufferSize = 1 << 20

// progressEvery is the least time between two calls of Options.Progress.
const progressEvery = 100 * time.Millisecond

// scanner reads a source once, from end to end, and hands on clean text: valid
// UTF-8 in pieces that never cut a code point, CRLF made LF, the byte-order
// mark dropped. A lone CR is kept.
type scanner struct {
	source   source
	lossy    bool
	progress func(read, total int64)
	buffer   int // bytes read at a time, at least 8
	text     func(piece []byte)

	hash  hash.Hash
	bytes int64 // read so far
	told  time.Time
	wide  []byte // room for a piece whose bad bytes became U+FFFD
}

// run reads everything. After it the scanner's hash and bytes are those of the
// source as it is, not as it was cleaned.
func (s *scanner) run() error {
	s.hash = sha256.New()
	s.told = time.Now()
	start := s.told
	buf := make([]byte, s.buffer)
	held := 0 // bytes at the front of buf that the last round could not judge
	for first := true; ; first = false {
		n, err := s.fill(buf[held:])
		if err != nil && err != io.EOF {
			return &Error{What: say.Textf("%s: %v", s.source.name, err), Err: err}
		}
		offset := s.bytes - int64(n) - int64(held)
		s.hash.Write(buf[held : held+n])
		chunk := buf[:held+n]
		held = 0
		if err == nil {
			held = undecided(chunk)
		}
		piece := chunk[:len(chunk)-held]
		clean, bad := s.clean(piece, offset, first)
		if bad != nil {
			return bad
		}
		s.text(clean)
		copy(buf, chunk[len(piece):])
		if err == io.EOF {
			break
		}
	}
	if s.progress != nil && s.told != start {
		s.progress(s.bytes, s.source.size)
	}
	if s.bytes == 0 {
		return &Error{What: say.Textf("%s: is empty", s.source.name), Hint: say.Textf("try a built-in text: rnnscope corpora")}
	}
	return nil
}

// fill reads until p is full or the source ends, so that what is judged
// together does not depend on how the source delivers.
func (s *scanner) fill(p []byte) (n int, err error) {
	for n < len(p) && err == nil {
		var m int
		m, err = s.source.r.Read(p[n:])
		n += m
		s.bytes += int64(m)
		if s.progress != nil && m > 0 {
			if now := time.Now(); now.Sub(s.told) >= progressEvery {
				s.told = now
				s.progress(s.bytes, s.source.size)
			}
		}
	}
	if n == len(p) && err == io.EOF {
		err = nil // the end is found in the next round
	}
	return n, err
}

// undecided is how many bytes at the end of b may belong to what follows: the
// start of a code point, or a CR.
func undecided(b []byte) int {
	if n := len(b); n > 0 && b[n-1] == '\r' {
		return 1
	}
	for i := 1; i < utf8.UTFMax && i <= len(b); i++ {
		if tail := b[len(b)-i:]; utf8.RuneStart(tail[0]) {
			if utf8.FullRune(tail) {
				return 0
			}
			return i
		}
	}
	return 0
}

var byteOrderMark = []byte("\uFEFF")

// clean checks a piece that stands at offset in the source, and makes it text,
// in place where it can.
func (s *scanner) clean(b []byte, offset int64, first bool) ([]byte, error) {
	if first {
		if err := s.foreign(b); err != nil {
			return nil, err
		}
	}
	if i := bytes.IndexByte(b, 0); i >= 0 {
		return nil, &Error{
			What: say.Textf("%s: is not a text: a NUL byte at offset %s", s.source.name, grouped(offset+int64(i))),
			Hint: say.Textf("try a built-in text: rnnscope corpora"),
		}
	}
	if !utf8.Valid(b) {
		if !s.lossy {
			i := invalid(b)
			return nil, &Error{
				What: say.Textf("%s: not UTF-8: byte 0x%02X at offset %s", s.source.name, b[i], grouped(offset+int64(i))),
				Hint: say.Textf("try --lossy to read such bytes as U+FFFD"),
			}
		}
		s.wide = replaceInvalid(s.wide[:0], b)
		b = s.wide
	}
	if first {
		b = bytes.TrimPrefix(b, byteOrderMark)
	}
	return joinCRLF(b), nil
}

// foreign recognises UTF-16, which would otherwise be called no text at all.
func (s *scanner) foreign(b []byte) error {
	if bytes.HasPrefix(b, []byte{0xFF, 0xFE}) || bytes.HasPrefix(b, []byte{0xFE, 0xFF}) {
		return &Error{
			What: say.Textf("%s: is UTF-16, not UTF-8", s.source.name),
			Hint: say.Textf("convert it: iconv -f UTF-16 -t UTF-8"),
		}
	}
	return nil
}

// invalid is the index of the first byte that begins no code point.
func invalid(b []byte) int {
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n <= 1 {
			return i
		}
		i += n
	}
	return len(b)
}

// replaceInvalid appends b to dst with a U+FFFD for each bad byte.
func replaceInvalid(dst, b []byte) []byte {
	for len(b) > 0 {
		i := invalid(b)
		dst = append(dst, b[:i]...)
		if b = b[i:]; len(b) > 0 {
			dst = utf8.AppendRune(dst, utf8.RuneError)
			b = b[1:]
		}
	}
	return dst
}

// joinCRLF makes each CRLF an LF, in place.
func joinCRLF(b []byte) []byte {
	at := bytes.Index(b, crlf)
	if at < 0 {
		return b
	}
	n := at
	for i := at; i < len(b); {
		next := bytes.IndexByte(b[i+1:], '\r')
		end := len(b)
		if next >= 0 {
			end = i + 1 + next
		}
		if b[i] == '\r' && i+1 < len(b) && b[i+1] == '\n' {
			i++
		}
		n += copy(b[n:], b[i:end])
		i = end
	}
	return b[:n]
}

var crlf = []byte("\r\n")
