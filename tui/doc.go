// Package tui is the screen: what keys and the mouse do, and what is drawn
// where.
//
//	session.Live ── Snapshots ──▶ tick takes the newest ─▶ panes become stale
//	session.Author ── answers ──▶ messages              ─▶ View draws those once
//	session.Inspector ─┘
//	keys ─▶ the table of actions ─▶ Live, Author, Inspector (never waited for)
//
// An App is the Bubble Tea model. It has one screen a tab, a screen has panes,
// and a pane keeps what it drew until it is stale. Only Update changes state,
// and nothing here holds a lock. All keys are rows of one table (keys.go), from
// which dispatch, help, the palette of commands and the README's list come. All
// words are in tui/words.
package tui
