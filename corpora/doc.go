// Package corpora turns texts into token ids and hands them out in windows.
//
//	built-in name, download, path, "-"
//	    │ material.go: what the name stands for
//	    │ scan.go: one pass in buffers of a megabyte; sha256, UTF-8,
//	    ▼          CRLF to LF, the byte-order mark dropped
//	clean text
//	    │ chars.go, words.go: ids in order of first appearance
//	    ▼
//	IDs ── vocabulary.go: the final order ──▶ IDs remapped where they lie
//	    │ split.go
//	    ▼
//	Train, Valid, Test ── Batcher ──▶ windows [K,B] of inputs and targets
//
// No second copy of a text is held: of a gigabyte of English, the characters
// take a gigabyte, the words two bytes each while there are fewer than 65,535
// of them.
//
// The built-in generators come with what no text can tell: the entropy of the
// next token, exactly, and the positions where the thing they were built to
// show is decided.
package corpora
