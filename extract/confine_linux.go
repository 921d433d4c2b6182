package extract

import (
	"fmt"

	"github.com/landlock-lsm/go-landlock/landlock"
	"golang.org/x/sys/unix"
)

// addressSpace bounds a worker's memory, in bytes of address space. Go and the
// compiled engine reserve far more than they use.
const addressSpace = 4 << 30

// courtesy is the niceness of a worker: searches go first.
const courtesy = 10

// confine takes from this process what reading a file does not need: memory
// without end, the files of the machine, writing, and, where the kernel has
// Landlock, the network.
func confine() error {
	for _, l := range []struct {
		resource int
		max      uint64
	}{{unix.RLIMIT_AS, addressSpace}, {unix.RLIMIT_CORE, 0}, {unix.RLIMIT_FSIZE, 0}, {unix.RLIMIT_NPROC, 4096}} {
		if err := unix.Setrlimit(l.resource, &unix.Rlimit{Cur: l.max, Max: l.max}); err != nil {
			return fmt.Errorf("set the limit %d to %d: %w", l.resource, l.max, err)
		}
	}
	if err := unix.Setpriority(unix.PRIO_PROCESS, 0, courtesy); err != nil {
		return fmt.Errorf("give way to the readers of the library: %w", err)
	}
	if err := landlock.V5.BestEffort().Restrict(); err != nil {
		return fmt.Errorf("close the files of the machine: %w", err)
	}
	return nil
}
