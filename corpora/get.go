package corpora

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"rnnscope/core/say"
)

// What a download may take at most.
const (
	maxDownload   = 32 << 20 // bytes
	maxRedirects  = 5
	maxSilence    = 30 * time.Second // between two reads, and before the first
	maxConnecting = 10 * time.Second
	maxTime       = 15 * time.Minute // for a file
)

// GetOptions are those of Get.
type GetOptions struct {
	Confirmed bool // the user has agreed to the Notice
	// Progress is called with what has been read of a file.
	Progress func(f *File, read int64)

	transport http.RoundTripper // of the tests; nil: the network
}

// ErrUnconfirmed is the cause of Get's error when the user has yet to agree.
var ErrUnconfirmed = errors.New("not confirmed")

// Get downloads a text of the catalogue into the cache and returns its paths.
// Files that are there already are checked and kept. What arrives is used only
// if its sha256 is that of the catalogue, and appears in the cache whole or not
// at all.
func Get(ctx context.Context, name string, opt GetOptions) ([]string, error) {
	d := downloadable(name)
	if d == nil {
		return nil, &Error{What: say.Textf("%s: not in the catalogue", name), Hint: say.Textf("what there is: rnnscope corpora")}
	}
	return d.get(ctx, opt)
}

func (d *Download) get(ctx context.Context, opt GetOptions) ([]string, error) {
	var paths []string
	for i := range d.Files {
		f := &d.Files[i]
		err := f.verify()
		if errors.Is(err, fs.ErrNotExist) {
			if d.Confirm && !opt.Confirmed {
				return nil, &Error{What: say.Textf("%s: %s", d.Name, say.Phrase(d.Notice)), Hint: say.Textf("to agree and go on, add --yes"), Err: ErrUnconfirmed}
			}
			err = f.get(ctx, opt)
		}
		if err != nil {
			return paths, err
		}
		paths = append(paths, f.Path())
	}
	return paths, nil
}

// get downloads one file.
func (f *File) get(ctx context.Context, opt GetOptions) error {
	ctx, cancel := context.WithTimeoutCause(ctx, maxTime, say.Errorf("took more than %v", maxTime))
	defer cancel()
	body, err := f.fetch(ctx, opt)
	if err != nil {
		if ctx.Err() == context.Canceled {
			return ctx.Err()
		}
		var e *Error
		if errors.As(err, &e) {
			return err
		}
		return f.unreachable(err)
	}
	return f.save(body)
}

// unreachable says in a few words what the network's error was.
func (f *File) unreachable(err error) error {
	from, cause := f.URL, err
	var u *url.Error
	if errors.As(err, &u) {
		cause = u.Err
		if at, bad := url.Parse(u.URL); bad == nil && at.Host != "" {
			from = at.Host
		}
	}
	var dns *net.DNSError
	if errors.As(err, &dns) {
		cause = errors.New(dns.Err)
	}
	return &Error{What: say.Textf("cannot get %s from %s: %v", f.Name, from, cause), Hint: say.Textf("try again when online, or fetch it by other means:\n%s\nand save it as %s", f.URL, f.Path()), Err: err}
}

// fetch returns the file's bytes, which are few enough to be held.
func (f *File) fetch(ctx context.Context, opt GetOptions) ([]byte, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	silence := time.AfterFunc(maxSilence, func() { cancel(say.Errorf("nothing arrived for %v", maxSilence)) })
	defer silence.Stop()

	body, err := f.read(ctx, opt, func() { silence.Reset(maxSilence) })
	if err != nil && ctx.Err() != nil {
		return nil, context.Cause(ctx) // rather than what the connection made of it
	}
	return body, err
}

func (f *File) read(ctx context.Context, opt GetOptions, heard func()) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, f.URL, nil)
	if err != nil {
		return nil, err
	}
	if err := secure(request.URL); err != nil {
		return nil, err
	}
	response, err := client(opt.transport).Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, say.Errorf("the server says %s", response.Status)
	}
	if n := response.ContentLength; n > maxDownload || n >= 0 && n != f.Bytes {
		return nil, f.changed(say.Textf("%s bytes", grouped(n)), grouped(f.Bytes))
	}
	var body bytes.Buffer
	part := make([]byte, 32<<10)
	for from := io.LimitReader(response.Body, min(f.Bytes, maxDownload)+1); err == nil; {
		var n int
		if n, err = from.Read(part); n > 0 {
			heard()
			body.Write(part[:n])
			if opt.Progress != nil {
				opt.Progress(f, int64(body.Len()))
			}
		}
	}
	if err != io.EOF {
		return nil, err
	}
	if n := int64(body.Len()); n > f.Bytes {
		return nil, f.changed(say.Textf("more than %s bytes", grouped(f.Bytes)), grouped(f.Bytes))
	} else if n < f.Bytes {
		return nil, f.changed(say.Textf("%s bytes", grouped(n)), grouped(f.Bytes))
	}
	sum := sha256.Sum256(body.Bytes())
	if got := hex.EncodeToString(sum[:]); got != f.SHA256 {
		return nil, f.changed(say.Textf("sha256 %s", got), f.SHA256)
	}
	return body.Bytes(), nil
}

// changed is the error about a source that no longer has what the catalogue
// was written for.
func (f *File) changed(got say.Text, want string) error {
	return &Error{
		What: say.Textf("%s: the source has changed: %s, not %s", f.URL, got, want),
		Hint: say.Textf("nothing was kept; a copy with sha256 %s can be saved as %s", f.SHA256, f.Path()),
	}
}

// client allows https alone, also after a redirect, and few redirects. Nothing
// is decompressed on the way, so that sizes are those of the file.
func client(transport http.RoundTripper) *http.Client {
	if transport == nil {
		transport = &http.Transport{
			Proxy:                 http.ProxyFromEnvironment,
			DialContext:           (&net.Dialer{Timeout: maxConnecting}).DialContext,
			TLSHandshakeTimeout:   maxConnecting,
			ResponseHeaderTimeout: maxSilence,
			DisableCompression:    true,
			DisableKeepAlives:     true,
			ForceAttemptHTTP2:     true,
		}
	}
	return &http.Client{
		Transport: transport,
		CheckRedirect: func(next *http.Request, before []*http.Request) error {
			if len(before) > maxRedirects {
				return say.Errorf("more than %d redirects", maxRedirects)
			}
			return secure(next.URL)
		},
	}
}

func secure(u *url.URL) error {
	if u.Scheme != "https" {
		return say.Errorf("%s is not https", u.Redacted())
	}
	return nil
}

// save puts the file into the cache under a temporary name and gives it its own
// when it is complete. A file that has appeared there meanwhile is left alone.
func (f *File) save(body []byte) (err error) {
	dir := filepath.Dir(f.Path())
	defer func() {
		if err != nil {
			err = &Error{What: say.Textf("cannot save %s: %v", f.Path(), err), Err: err}
		}
	}()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	temp, err := os.CreateTemp(dir, f.Name+".part-*")
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name())
	_, err = temp.Write(body)
	err = errors.Join(err, temp.Chmod(0o644), temp.Sync(), temp.Close())
	if err != nil {
		return err
	}
	// A link does not replace a file, as a rename would. Where the file system
	// knows no links, look first.
	if err = os.Link(temp.Name(), f.Path()); err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	if _, err := os.Lstat(f.Path()); !errors.Is(err, fs.ErrNotExist) {
		return fs.ErrExist
	}
	return os.Rename(temp.Name(), f.Path())
}
