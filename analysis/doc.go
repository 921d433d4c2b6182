// Package analysis turns text into terms: it folds words to the form in which
// they are compared, cuts text into tokens with their stems, tells the
// language of a text, and finds and marks the words a reader asked for.
//
// Everything here is a pure function of its arguments. The two tables that
// are too large to be written down (folding, language model) are computed or
// unpacked on first use and never change afterwards.
package analysis
