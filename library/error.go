package library

import (
	"errors"
	"fmt"
)

// ErrorKind sorts errors by what the caller can do about them.
type ErrorKind string

// The kinds of errors. A door maps each to its own language: serve to HTTP
// statuses, app to exit codes.
const (
	Invalid   ErrorKind = "invalid"   // the request is wrong; Field names the part
	Forbidden ErrorKind = "forbidden" // known, but not for this viewer
	NotFound  ErrorKind = "not-found"
	Moved     ErrorKind = "moved" // To names the entry that took it in
	Gone      ErrorKind = "gone"  // withdrawn
	Conflict  ErrorKind = "conflict"
	Busy      ErrorKind = "busy" // try again
	Internal  ErrorKind = "internal"
)

// Error is an error of the library with its kind.
type Error struct {
	Kind  ErrorKind
	Key   string // message key for a reader; empty when the kind says it all
	Field string // the parameter or field at fault, for Invalid
	To    ID     // the successor, for Moved
	Why   string // for a reader, with Gone: why it was withdrawn
	Err   error  // what was tried and what went wrong, never shown to a reader
}

// Error implements error.
func (e *Error) Error() string {
	if e.Err != nil {
		return e.Err.Error()
	}
	return string(e.Kind)
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errorf makes an Error of a kind; the format may wrap a cause with %w.
func Errorf(kind ErrorKind, format string, args ...any) *Error {
	return &Error{Kind: kind, Err: fmt.Errorf(format, args...)}
}

// KindOf gives the kind of an error: empty for nil, Internal for one that has none.
func KindOf(err error) ErrorKind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	if err == nil {
		return ""
	}
	return Internal
}

// MovedTo gives the successor that a Moved error names.
func MovedTo(err error) (ID, bool) {
	if e, ok := errors.AsType[*Error](err); ok && e.Kind == Moved {
		return e.To, true
	}
	return "", false
}
