// Package picture writes what a pane shows as files: SVG, PNG, and CSV with the
// numbers themselves.
//
//	Chart, Heatmap, Bars, Tokens, Screen ──▶ drawing ──▶ SVG
//	                  └ CSV                     └──────▶ PNG
//
// A figure lays itself out once, as a drawing: a list of rectangles, paths,
// dots, lattices of colours and texts, in CSS pixels (1/96 inch). Both writers
// draw that list and decide nothing, so that the two files show the same. Text
// is measured with the Liberation fonts that the program brings along: the
// layout, and every byte of an SVG, is the same on every computer. An SVG keeps
// text as text, squeezed to the measured width where the viewer's font differs;
// a PNG takes characters that Liberation lacks, Chinese ones above all, from
// fonts of the computer it is made on, and where there are none a box holds the
// character's number; Missing lists these.
//
// Nothing here depends on how many colours the user's terminal has, apart from
// Screen, which shows what the terminal showed.
package picture
