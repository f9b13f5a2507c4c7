package corpora

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/adrg/xdg"
)

// cacheIn puts the cache into a fresh directory for a test.
func cacheIn(t *testing.T) string {
	t.Helper()
	before := xdg.CacheHome
	xdg.CacheHome = t.TempDir()
	t.Cleanup(func() { xdg.CacheHome = before })
	return filepath.Join(xdg.CacheHome, "rnnscope", "corpora")
}

const content = "to be or not to be\n"

// fileAt is a catalogue entry for content at a URL.
func fileAt(url string) *File {
	sum := sha256.Sum256([]byte(content))
	return &File{Name: "text.txt", URL: url, Bytes: int64(len(content)), SHA256: hex.EncodeToString(sum[:])}
}

// serve answers every request on a TLS server, whose client trusts it.
func serve(t *testing.T, answer http.HandlerFunc) (url string, opt GetOptions) {
	t.Helper()
	server := httptest.NewUnstartedServer(answer)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	return server.URL, GetOptions{transport: server.Client().Transport}
}

func listing(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestGet(t *testing.T) {
	dir := cacheIn(t)
	requests := 0
	url, opt := serve(t, func(w http.ResponseWriter, r *http.Request) {
		requests++
		io.WriteString(w, content)
	})
	var read int64
	opt.Progress = func(f *File, n int64) { read = n }
	d := &Download{Name: "text", Files: []File{*fileAt(url)}}
	for range 2 { // the second time it is there
		paths, err := d.get(t.Context(), opt)
		if want := []string{filepath.Join(dir, "text.txt")}; err != nil || !slices.Equal(paths, want) {
			t.Fatalf("got %v, %v, want %v", paths, err, want)
		}
	}
	if b, err := os.ReadFile(filepath.Join(dir, "text.txt")); string(b) != content {
		t.Errorf("saved %q, %v", b, err)
	}
	if requests != 1 || read != int64(len(content)) {
		t.Errorf("%d requests, want 1; progress to %d, want %d", requests, read, len(content))
	}
	if got := listing(t, dir); len(got) != 1 {
		t.Errorf("the cache has %q", got)
	}
}

// TestGetRefused: whatever is wrong with an answer, it is said, and nothing is
// left in the cache.
func TestGetRefused(t *testing.T) {
	other := strings.Repeat("x", len(content))
	sum := sha256.Sum256([]byte(other))
	plain := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, content) }))
	defer plain.Close()
	unsized := func(body string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.(http.Flusher).Flush() // no Content-Length
			io.WriteString(w, body)
		}
	}
	for _, c := range []struct {
		name   string
		answer http.HandlerFunc
		what   string // URL stands for the server's
	}{
		{"another text", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, other) },
			"URL: the source has changed: sha256 " + hex.EncodeToString(sum[:]) + ", not " + fileAt("").SHA256},
		{"longer", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, content+"x") }, "URL: the source has changed: 20 bytes, not 19"},
		{"shorter", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "x") }, "URL: the source has changed: 1 bytes, not 19"},
		{"longer, unsaid", unsized(strings.Repeat("x", 1<<20)), "URL: the source has changed: more than 19 bytes, not 19"},
		{"shorter, unsaid", unsized("x"), "URL: the source has changed: 1 bytes, not 19"},
		{"over the cap", func(w http.ResponseWriter, r *http.Request) { w.Header().Set("Content-Length", "1099511627776") },
			"URL: the source has changed: 1,099,511,627,776 bytes, not 19"},
		{"breaks off", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", strconv.Itoa(len(content)))
			io.WriteString(w, content[:5])
		}, "cannot get text.txt from URL: unexpected EOF"},
		{"not found", http.NotFound, "cannot get text.txt from URL: the server says 404 Not Found"},
		{"redirect loop", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/again", http.StatusFound) },
			"cannot get text.txt from URL: more than 5 redirects"},
		{"redirect to http", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, plain.URL, http.StatusFound) },
			"cannot get text.txt from " + strings.TrimPrefix(plain.URL, "http://") + ": " + plain.URL + " is not https"},
	} {
		dir := cacheIn(t)
		url, opt := serve(t, c.answer)
		f := fileAt(url)
		err := f.get(t.Context(), opt)
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("%s: %v, want an *Error", c.name, err)
			continue
		}
		what := strings.ReplaceAll(c.what, "URL", url)
		if e.Error() != what {
			t.Errorf("%s:\n got %q\nwant %q", c.name, e.Error(), what)
		}
		if !strings.Contains(e.Try(), filepath.Join(dir, "text.txt")) {
			t.Errorf("%s: the hint does not say where the file goes: %q", c.name, e.Try())
		}
		if got := listing(t, dir); len(got) != 0 {
			t.Errorf("%s: left %q in the cache", c.name, got)
		}
	}
}

func TestGetFollowsFewRedirects(t *testing.T) {
	cacheIn(t)
	url, opt := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if n, _ := strconv.Atoi(r.URL.Path[1:]); n < maxRedirects {
			http.Redirect(w, r, fmt.Sprintf("/%d", n+1), http.StatusFound)
			return
		}
		io.WriteString(w, content)
	})
	if err := fileAt(url+"/0").get(t.Context(), opt); err != nil {
		t.Errorf("%d redirects: %v", maxRedirects, err)
	}
}

func TestGetHTTPSOnly(t *testing.T) {
	cacheIn(t)
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the server was asked") }))
	defer server.Close()
	if err := fileAt(server.URL).get(t.Context(), GetOptions{}); err == nil || !strings.HasSuffix(err.Error(), "is not https") {
		t.Errorf("got %v", err)
	}
}

// TestGetUntrusted: the real transport, and a certificate nobody has signed.
func TestGetUntrusted(t *testing.T) {
	cacheIn(t)
	url, _ := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("the server was asked") })
	if err := fileAt(url).get(t.Context(), GetOptions{}); err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("got %v", err)
	}
}

// TestGetUncompressed: the real transport takes files as they are.
func TestGetUncompressed(t *testing.T) {
	cacheIn(t)
	url, trusting := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if got := r.Header.Get("Accept-Encoding"); got != "" {
			t.Errorf("%q would be accepted", got)
		}
		io.WriteString(w, content)
	})
	transport := client(nil).Transport.(*http.Transport)
	transport.TLSClientConfig = trusting.transport.(*http.Transport).TLSClientConfig.Clone()
	if err := fileAt(url).get(t.Context(), GetOptions{transport: transport}); err != nil {
		t.Error(err)
	}
}

func TestGetOffline(t *testing.T) {
	dir := cacheIn(t)
	server := httptest.NewTLSServer(nil)
	server.Close()
	f := fileAt(server.URL + "/text.txt")
	err := f.get(t.Context(), GetOptions{})
	var e *Error
	if !errors.As(err, &e) || !strings.HasPrefix(e.Error(), "cannot get text.txt from 127.0.0.1:") || !strings.Contains(e.Error(), "refused") {
		t.Fatalf("got %v", err)
	}
	want := "try again when online, or fetch it by other means:\n" + f.URL + "\nand save it as " + filepath.Join(dir, "text.txt")
	if e.Try() != want {
		t.Errorf("hint %q, want %q", e.Try(), want)
	}
}

// TestGetExisting: what is in the cache is never replaced, not even when it
// appears between the look and the end of the download.
func TestGetExisting(t *testing.T) {
	dir := cacheIn(t)
	mine := filepath.Join(dir, "text.txt")
	put := func() {
		os.MkdirAll(dir, 0o755)
		if err := os.WriteFile(mine, []byte("mine"), 0o600); err != nil {
			t.Error(err)
		}
	}
	url, opt := serve(t, func(w http.ResponseWriter, r *http.Request) {
		put()
		io.WriteString(w, content)
	})
	d := &Download{Name: "text", Files: []File{*fileAt(url)}}
	for _, want := range []string{"file exists", "is not the file of the catalogue"} {
		if _, err := d.get(t.Context(), opt); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
		if b, _ := os.ReadFile(mine); string(b) != "mine" {
			t.Fatalf("the file became %q", b)
		}
	}
	if got := listing(t, dir); len(got) != 1 {
		t.Errorf("left %q in the cache", got)
	}
}

func TestGetUnwritable(t *testing.T) {
	dir := cacheIn(t)
	if err := os.WriteFile(filepath.Dir(dir), nil, 0o600); err != nil { // a file where a directory should be
		t.Fatal(err)
	}
	url, opt := serve(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, content) })
	if err := fileAt(url).get(t.Context(), opt); err == nil || !strings.HasPrefix(err.Error(), "cannot save "+filepath.Join(dir, "text.txt")) {
		t.Errorf("got %v", err)
	}
}

func TestGetConfirm(t *testing.T) {
	cacheIn(t)
	url, opt := serve(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, content) })
	d := &Download{Name: "text", Notice: "for research only", Confirm: true, Files: []File{*fileAt(url)}}
	if _, err := d.get(t.Context(), opt); !errors.Is(err, ErrUnconfirmed) || err.Error() != "text: for research only" {
		t.Errorf("got %v, want the notice", err)
	}
	opt.Confirmed = true
	if _, err := d.get(t.Context(), opt); err != nil {
		t.Error(err)
	}
	opt.Confirmed = false // it is there: nothing to agree to
	if _, err := d.get(t.Context(), opt); err != nil {
		t.Error(err)
	}
	if _, err := Get(t.Context(), "nothing", GetOptions{}); err == nil {
		t.Error("a name that is in no catalogue was accepted")
	}
}

// roundTrip answers with a body.
type roundTrip func(*http.Request) (io.ReadCloser, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := f(r)
	if err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: http.StatusOK, ContentLength: -1, Body: body, Request: r}, nil
}

// slow delivers a byte after each pause, as long as its request lasts.
type slow struct {
	ctx   context.Context
	pause time.Duration
}

func (s slow) Read(p []byte) (int, error) {
	select {
	case <-s.ctx.Done():
		return 0, s.ctx.Err()
	case <-time.After(s.pause):
		p[0] = 'x'
		return 1, nil
	}
}

func (s slow) Close() error { return nil }

func TestGetTimeouts(t *testing.T) {
	cacheIn(t)
	for _, c := range []struct {
		name  string
		pause time.Duration
		what  string
		after time.Duration
	}{
		{"silent", time.Hour, "nothing arrived for 30s", maxSilence},
		{"a trickle", 29 * time.Second, "took more than 15m0s", maxTime},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := fileAt("https://example.org/text.txt")
				f.Bytes = 1 << 20
				began := time.Now()
				err := f.get(t.Context(), GetOptions{transport: roundTrip(func(r *http.Request) (io.ReadCloser, error) {
					return slow{r.Context(), c.pause}, nil
				})})
				if err == nil || !strings.HasSuffix(err.Error(), c.what) {
					t.Errorf("got %v, want %s", err, c.what)
				}
				if took := time.Since(began); took != c.after {
					t.Errorf("gave up after %v, want %v", took, c.after)
				}
			})
		})
	}
	t.Run("no answer", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			err := fileAt("https://example.org/text.txt").get(t.Context(), GetOptions{transport: roundTrip(func(r *http.Request) (io.ReadCloser, error) {
				<-r.Context().Done()
				return nil, r.Context().Err()
			})})
			if err == nil || !strings.HasSuffix(err.Error(), "nothing arrived for 30s") {
				t.Errorf("got %v", err)
			}
		})
	})
}

func TestGetCancelled(t *testing.T) {
	cacheIn(t)
	ctx, cancel := context.WithCancel(t.Context())
	opt := GetOptions{transport: roundTrip(func(r *http.Request) (io.ReadCloser, error) {
		cancel()
		return slow{r.Context(), time.Hour}, nil
	})}
	if err := fileAt("https://example.org/").get(ctx, opt); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
