// Package lock keeps two programs from writing one file.
package lock

import "os"

// Take takes an open file for whoever opened it until that is closed, by the end
// of the process at the latest, and says whether nobody else has it. A file
// system that knows no locks gives it to everybody.
func Take(f *os.File) bool { return take(f) }
