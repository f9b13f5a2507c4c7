// Package views draws: pure functions from data to cells. It knows no terminal,
// no key and no clock, and all words come in from outside, already in the
// user's language.
//
//	core/scope data ──▶ Heatmap, charts, bars … ──▶ Canvas ──▶ Append ──▶ bytes
//	                         Theme (styles, palettes) ┘            └ Options
//
// A Canvas is a grid of cells; what is drawn outside of it, or outside of its
// clip, is cut off. A Theme says how things look on one background with the
// colours and characters (Options) that one terminal has; whoever draws takes
// styles from the theme and names no colour. Colour is never the only carrier:
// without colour values become shades, without Unicode they become digits and
// letters.
//
// Everything that is drawn at frame rate can be reused and then allocates
// nothing.
package views
