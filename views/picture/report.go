package picture

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html"
	"io"
	"strings"
)

// Report is a page of figures, tables and text that needs no other file: to be
// handed on, opened in any browser, printed. Its words are the caller's.
type Report struct {
	Title, Subtitle string
	Language        string // as HTML names it: en, zh-CN
	Sections        []Section
}

// Section is a part of a report, of what is not empty in this order.
type Section struct {
	Heading string
	Text    string      // a paragraph
	Rows    [][2]string // names and values
	Figure  Figure
	Alt     string // what the figure shows, for those who do not see it
	Code    string // kept as it is: commands, what a model wrote
}

// WriteHTML writes the report. Pictures are SVG inside of it; there are no
// scripts and no references to anything outside.
func (r *Report) WriteHTML(w io.Writer) error {
	var b bytes.Buffer
	text := html.EscapeString
	fmt.Fprintf(&b, reportHead, text(r.Language), text(r.Title))
	fmt.Fprintf(&b, "<header>\n<h1>%s</h1>\n<p>%s</p>\n</header>\n", text(r.Title), text(r.Subtitle))
	for _, s := range r.Sections {
		b.WriteString("<section>\n")
		if s.Heading != "" {
			fmt.Fprintf(&b, "<h2>%s</h2>\n", text(s.Heading))
		}
		if s.Text != "" {
			fmt.Fprintf(&b, "<p>%s</p>\n", text(s.Text))
		}
		if len(s.Rows) > 0 {
			b.WriteString("<table>\n")
			for _, row := range s.Rows {
				fmt.Fprintf(&b, "<tr><th>%s</th><td>%s</td></tr>\n", text(row[0]), text(row[1]))
			}
			b.WriteString("</table>\n")
		}
		if s.Figure != nil {
			var svg bytes.Buffer
			if err := s.Figure.WriteSVG(&svg); err != nil {
				return err
			}
			// An image of its own, so that what it calls its parts is its own too.
			fmt.Fprintf(&b, "<img alt=\"%s\" src=\"data:image/svg+xml;base64,%s\">\n", text(s.Alt), base64.StdEncoding.EncodeToString(svg.Bytes()))
		}
		if s.Code != "" {
			fmt.Fprintf(&b, "<pre>%s</pre>\n", text(strings.ToValidUTF8(s.Code, "\uFFFD")))
		}
		b.WriteString("</section>\n")
	}
	b.WriteString("</body>\n</html>\n")
	_, err := w.Write(b.Bytes())
	return err
}

// SaveReport writes the report to path, which it takes the place of at once or
// not at all.
func SaveReport(r *Report, path string) error {
	var b bytes.Buffer
	if err := r.WriteHTML(&b); err != nil {
		return err
	}
	if err := replace(path, b.Bytes()); err != nil {
		return unwritten(path, err)
	}
	return nil
}

const reportHead = `<!DOCTYPE html>
<html lang="%s">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>%s</title>
<style>
body { max-width: 62rem; margin: 2rem auto; padding: 0 1rem; font: 16px/1.5 system-ui, sans-serif; color: #1f242d; background: #fff }
h1 { font-size: 1.6rem; margin: 0 }
h2 { font-size: 1.15rem; margin: 2.2rem 0 .4rem }
header p { margin: .2rem 0 0; color: #686f7d }
p { margin: .3rem 0 .8rem }
img { width: 100%%; height: auto; border: 1px solid #e3e6eb; border-radius: 4px }
table { border-collapse: collapse; font-variant-numeric: tabular-nums }
th, td { text-align: left; font-weight: normal; padding: .15rem 1.5rem .15rem 0; vertical-align: top; overflow-wrap: anywhere }
th { color: #686f7d; white-space: nowrap }
pre { background: #f5f6f8; border-radius: 4px; padding: .8rem 1rem; white-space: pre-wrap; overflow-wrap: anywhere; font-size: .85rem }
@media print { section { break-inside: avoid } }
</style>
</head>
<body>
`
