package extract

import (
	"errors"
	"syscall"
)

// brokenPipe tells that the worker ended before it had the whole file, which its
// silence says better.
func brokenPipe(err error) bool { return errors.Is(err, syscall.EPIPE) }
