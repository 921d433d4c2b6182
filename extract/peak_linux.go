package extract

import (
	"os"
	"syscall"
)

// peakOf gives the most memory that an ended process held, in bytes.
func peakOf(s *os.ProcessState) int64 {
	if usage, ok := s.SysUsage().(*syscall.Rusage); ok {
		return usage.Maxrss << 10
	}
	return 0
}
