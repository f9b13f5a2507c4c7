package picture

import (
	"io"

	"rnnscope/core/say"
)

// Figure is a picture and the data it shows.
type Figure interface {
	// WriteCSV writes the data as RFC 4180 has it, with a header row. Numbers
	// have as many digits as bring back the same number; those that are not
	// finite are NaN, +Inf and -Inf.
	WriteCSV(w io.Writer) error
	// WriteSVG writes the picture without scripts and without any reference
	// to something outside of the file.
	WriteSVG(w io.Writer) error
	// WritePNG writes the picture with Page.Scale pixels a CSS pixel.
	WritePNG(w io.Writer) error
	// Missing returns the characters, in order, that no font at hand has:
	// a PNG shows each as a box with its number.
	Missing() []rune
}

// The formats that Write knows and Save writes, as file name extensions.
const (
	SVG = "svg"
	PNG = "png"
	CSV = "csv"
)

// Formats lists them in the order in which Save writes.
var Formats = []string{SVG, PNG, CSV}

// Write writes f in one of Formats.
func Write(f Figure, format string, w io.Writer) error {
	switch format {
	case SVG:
		return f.WriteSVG(w)
	case PNG:
		return f.WritePNG(w)
	case CSV:
		return f.WriteCSV(w)
	}
	return &Error{What: say.Textf("a picture cannot be written as %q", format), Hint: say.Textf("choose svg, png or csv")}
}

func writeSVG(d *drawing, w io.Writer) error {
	_, err := w.Write(d.svg(nil))
	return err
}
