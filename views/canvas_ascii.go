package views

import (
	"strings"
	"unicode/utf8"
)

// ascii returns what stands for a drawing character where only ASCII can be
// drawn, and 0 for a rune that is text.
func ascii(r rune) byte {
	switch {
	case r >= 0x2500 && r < 0x2580:
		return boxASCII[r-0x2500]
	case r >= 0x2580 && r < 0x25a0:
		return blockASCII[r-0x2580]
	case r >= 0x2800 && r < 0x2900:
		return brailleASCII(uint8(r))
	case r >= 0x2400 && r < 0x2427:
		return '?'
	}
	return symbolASCII[r]
}

// ASCII writes drawing characters of a text with ASCII ones, as a canvas does
// where only those can be drawn; text in other scripts stays what it is.
func ASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if b := ascii(r); b != 0 {
			return rune(b)
		}
		return r
	}, s)
}

// boxASCII covers U+2500 to U+257F: lines by their direction, everything that
// turns or crosses as a plus.
const boxASCII = "--||--||--||++++" + "++++++++++++++++" + "++++++++++++++++" + "++++++++++++++++" +
	"++++++++++++--||" + "-|++++++++++++++" + "++++++++++++++++" + "+/\\X-|-|-|-|-|-|"

// blockASCII covers U+2580 to U+259F: the eighths from below (a sparkline) by
// how much ink they have, the eighths from the left (the end of a bar), shades,
// corners.
const blockASCII = `"` + "_.:-=+*#" + "##==|||" + "|" + ".:%" + `"|` + "..'#%##'%:"

// brailleASCII returns a character with ink where the dots of the cell are:
// above, below or both. The lower two of four rows are bits 2, 5, 6 and 7.
func brailleASCII(dots uint8) byte {
	const lower = 1<<2 | 1<<5 | 1<<6 | 1<<7
	switch {
	case dots == 0:
		return ' '
	case dots&lower == 0:
		return '\''
	case dots&^lower == 0:
		return '.'
	}
	return ':'
}

// symbolASCII holds the other characters that pictures here are made of.
var symbolASCII = map[rune]byte{
	'←': '<', '→': '>', '↑': '^', '↓': 'v', '↔': '-', '↕': '|',
	'◀': '<', '▶': '>', '▲': '^', '▼': 'v', '◂': '<', '▸': '>', '▴': '^', '▾': 'v', '◄': '<', '►': '>',
	'△': '^', '▽': 'v', '●': '*', '○': 'o', '◆': '*', '◇': 'o', '■': '#', '□': 'o', '▪': '#', '▫': 'o',
	'•': '*', '·': '.', '⋅': '_', '…': '~', '↵': '$', '⏎': '$', '␣': '_', '⇥': '>', '◌': 'o', '✓': '+', '✗': 'x',
	'×': 'x', '‖': '|', '≈': '~', '±': '~', '−': '-', '–': '-', '—': '-', '≤': '<', '≥': '>', '½': '2',
	'“': '"', '”': '"', '‘': '\'', '’': '\'', 'σ': 's', 'Σ': 'S', 'Δ': 'd', '⊙': '*', '‹': '<', '›': '>',
	'₀': '0', '₁': '1', '₂': '2', '₃': '3', '₄': '4', '₅': '5', '₆': '6', '₇': '7', '₈': '8', '₉': '9',
	utf8.RuneError: '?',
}
