// Package guide is the handbooks and standard operating procedures of the
// library as a use case: their reading, writing and review by section, their
// editions, and their adaptation by countries and regions, whose state is
// computed from hashes. Everything that changes a guide is a library.Edit.
package guide
