//go:build unix && !solaris && !aix

package store

import (
	"os"

	"golang.org/x/sys/unix"
)

// lock takes an open file for this process until it is closed, by the end of
// the process at the latest, and says whether nobody else has it. A file
// system that knows no locks gives it to everybody.
func lock(f *os.File) bool {
	err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	return err != unix.EWOULDBLOCK
}
