package picture

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// systemFonts lists, by operating system, files that usually have what
// Liberation lacks, the best first: Chinese, then symbols.
var systemFonts = map[string][]string{
	"linux": {
		"/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
		"/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
		"/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
		"/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc",
		"/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
		"/usr/share/fonts/wenquanyi/wqy-microhei/wqy-microhei.ttc",
		"/usr/share/fonts/wqy-microhei/wqy-microhei.ttc",
		"/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
		"/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
		"/usr/share/fonts/droid/DroidSansFallbackFull.ttf",
		"/usr/share/fonts/truetype/arphic/uming.ttc",
		"/mnt/c/Windows/Fonts/msyh.ttc", // the Windows Subsystem for Linux
		"/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf",
		"/usr/share/fonts/TTF/DejaVuSansMono.ttf",
		"/usr/share/fonts/dejavu-sans-mono-fonts/DejaVuSansMono.ttf",
		"/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
		"/usr/share/fonts/TTF/DejaVuSans.ttf",
		"/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf",
	},
	"darwin": {
		"/System/Library/Fonts/PingFang.ttc",
		"/System/Library/Fonts/Hiragino Sans GB.ttc",
		"/System/Library/Fonts/STHeiti Light.ttc",
		"/System/Library/Fonts/Supplemental/Arial Unicode.ttf",
		"/Library/Fonts/Arial Unicode.ttf",
		"/System/Library/Fonts/Menlo.ttc",
		"/System/Library/Fonts/Apple Symbols.ttf",
	},
	"windows": {`msyh.ttc`, `msyh.ttf`, `simhei.ttf`, `simsun.ttc`, `Deng.ttf`, `msjh.ttc`, `seguisym.ttf`},
}

// fonts finds glyphs. Those of the computer are opened when the first
// character needs one, and stay open until close.
type fonts struct {
	buf    sfnt.Buffer
	paths  []string // of the fonts not opened yet
	opened []*sfnt.Font
	files  []*os.File
}

func newFonts() *fonts {
	paths := systemFonts[runtime.GOOS]
	if _, listed := systemFonts[runtime.GOOS]; !listed {
		paths = systemFonts["linux"] // the BSDs, with luck
	}
	if runtime.GOOS == "windows" {
		paths = slices.Clone(paths)
		for i := range paths {
			paths[i] = filepath.Join(os.Getenv("WINDIR"), "Fonts", paths[i])
		}
	}
	return &fonts{paths: paths}
}

func (f *fonts) close() {
	for _, file := range f.files {
		file.Close()
	}
}

// glyph returns the font that draws r, the face's own or the plain one if they can, and where in
// it r is; ok is false when no font has it.
func (f *fonts) glyph(r rune, style face) (in *sfnt.Font, at sfnt.GlyphIndex, ok bool) {
	in = embedded[style]()
	if at, ok = f.in(in, r); ok {
		return in, at, true
	}
	if at, ok = f.in(embedded[sans](), r); ok {
		return embedded[sans](), at, true
	}
	for i := 0; ; i++ {
		if i == len(f.opened) && !f.open() {
			return nil, 0, false
		}
		if at, ok = f.in(f.opened[i], r); ok {
			return f.opened[i], at, true
		}
	}
}

// in returns where r is in a font. A glyph that cannot be loaded, as in a
// damaged file, is not there.
func (f *fonts) in(font *sfnt.Font, r rune) (at sfnt.GlyphIndex, ok bool) {
	at, err := font.GlyphIndex(&f.buf, r)
	if err != nil || at == 0 {
		return 0, false
	}
	_, err = font.LoadGlyph(&f.buf, at, fixed.I(measureEm), nil)
	return at, err == nil
}

// open opens the next font of the list that this computer has.
func (f *fonts) open() bool {
	for len(f.paths) > 0 {
		path := f.paths[0]
		f.paths = f.paths[1:]
		file, err := os.Open(path)
		if err != nil {
			continue
		}
		if font, err := openFont(file); err == nil {
			f.opened, f.files = append(f.opened, font), append(f.files, file)
			return true
		}
		file.Close()
	}
	return false
}

// missing returns the characters of a drawing that no font has.
func (d *drawing) missing() []rune {
	f := newFonts()
	defer f.close()
	found := map[rune]bool{}
	var out []rune
	for _, s := range d.shapes {
		t, ok := s.(*text)
		if !ok {
			continue
		}
		for _, r := range t.s {
			if _, seen := found[r]; seen || r == ' ' || hidden(r) {
				continue
			}
			if _, ours := ownGlyphs[r]; ours {
				continue
			}
			if _, _, found[r] = f.glyph(r, t.face); !found[r] {
				out = append(out, r)
			}
		}
	}
	slices.Sort(out)
	return out
}
