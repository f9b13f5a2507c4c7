//go:build unix && !solaris && !aix

package lock

import (
	"os"

	"golang.org/x/sys/unix"
)

func take(f *os.File) bool {
	err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	return err != unix.EWOULDBLOCK
}
