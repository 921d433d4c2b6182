package format

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// maxItem is how many bytes are read for one record of JSON, or one tag or text
// of XML. A record larger than maxLine is passed over, one larger than this
// ends the reading.
const maxItem = 4 * maxLine

var errItem = errors.New("the record is too large")

// spared fails when more bytes are read than are spared.
type spared struct {
	r     io.Reader
	spare int
}

// Read implements io.Reader. It gives little at a time, so that what was read
// is not far from what is being decoded.
func (s *spared) Read(b []byte) (int, error) {
	if s.spare <= 0 {
		return 0, errItem
	}
	n, err := s.r.Read(b[:min(len(b), 4096)])
	s.spare -= n
	return n, err
}

// counted knows on which line each place of a source stands.
type counted struct {
	spared
	line int     // of the place that was asked for last, from 1
	ends []int64 // of the lines that were read after it
	read int64
}

func newCounted(r io.Reader) *counted { return &counted{spared: spared{r, maxItem}, line: 1} }

// Read implements io.Reader.
func (c *counted) Read(b []byte) (int, error) {
	n, err := c.spared.Read(b)
	for i, sign := range b[:n] {
		if sign == '\n' {
			c.ends = append(c.ends, c.read+int64(i))
		}
	}
	c.read += int64(n)
	return n, err
}

// at gives the line of a place, which is no earlier than that asked for before.
func (c *counted) at(offset int64) int {
	passed := 0
	for passed < len(c.ends) && c.ends[passed] < offset {
		passed++
	}
	c.ends = c.ends[passed:]
	c.line += passed
	return c.line
}

// damaged says what is wrong with a JSON source at a line; what follows is lost.
func damaged(line int, err error) error {
	text := ""
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		text = "the JSON is damaged: " + syntax.Error()
	} else if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		text = "the JSON is damaged: it ends in the middle"
	} else if errors.Is(err, errItem) {
		text = fmt.Sprintf("the record is larger than %d MiB", maxItem>>20)
	}
	if text == "" {
		return fmt.Errorf("read the source near line %d: %w", line, err)
	}
	return &Problem{line, text + "; what follows was not read"}
}

// jsonStream reads records as JSON objects, of which it holds one at a time.
type jsonStream struct {
	in     *counted
	d      *json.Decoder
	member string
	give   func(line int, raw json.RawMessage, err error) bool
}

// objects gives the JSON objects of a source: one, one after the other, or in a
// list; and where they stand in a member of an envelope, as JSON:API has it in
// "data", those that stand there.
func objects(r io.Reader, member string, give func(line int, raw json.RawMessage, err error) bool) {
	in := newCounted(r)
	s := &jsonStream{in: in, d: json.NewDecoder(in), member: member, give: give}
	for {
		in.spare = maxItem
		token, err := s.d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		goOn := err == nil
		if goOn {
			goOn, err = s.value(token, true)
		}
		if err != nil {
			give(s.line(), nil, damaged(s.line(), err))
		}
		if !goOn || err != nil {
			return
		}
	}
}

// line gives the line that was read up to.
func (s *jsonStream) line() int { return s.in.at(s.d.InputOffset()) }

// value goes on from the first token of a value.
func (s *jsonStream) value(first json.Token, envelope bool) (goOn bool, err error) {
	switch first {
	case json.Delim('['):
		return s.list()
	case json.Delim('{'):
		return s.object(envelope)
	}
	return s.give(s.line(), nil, &Problem{s.line(), "the JSON is no record: an object is wanted"}), nil
}

func (s *jsonStream) list() (goOn bool, err error) {
	for s.d.More() {
		s.in.spare = maxItem
		var raw json.RawMessage
		if err := s.d.Decode(&raw); err != nil {
			return false, err
		}
		if !s.one(s.in.at(s.d.InputOffset()-int64(len(raw))), raw) {
			return false, nil
		}
	}
	_, err = s.d.Token()
	return err == nil, err
}

func (s *jsonStream) one(line int, raw json.RawMessage) bool {
	if len(raw) > maxLine {
		return s.give(line, nil, &Problem{line, "the record is larger than 4 MiB: it was not read"})
	}
	return s.give(line, raw, nil)
}

// object reads a record, or an envelope, member by member.
func (s *jsonStream) object(envelope bool) (goOn bool, err error) {
	line, own, size, opened := s.line(), map[string]json.RawMessage{}, 0, false
	for s.d.More() {
		name, err := s.d.Token()
		if err != nil {
			return false, err
		}
		if key := fmt.Sprint(name); envelope && key == s.member {
			opened = true
			first, err := s.d.Token()
			if err != nil {
				return false, err
			}
			if goOn, err := s.value(first, false); !goOn || err != nil {
				return goOn, err
			}
			continue
		}
		var raw json.RawMessage
		if err := s.d.Decode(&raw); err != nil {
			return false, err
		}
		if size += len(raw); size <= maxLine {
			own[fmt.Sprint(name)] = raw
		}
	}
	if _, err := s.d.Token(); err != nil {
		return false, err
	}
	if opened {
		return true, nil
	}
	if size > maxLine {
		return s.give(line, nil, &Problem{line, "the record is larger than 4 MiB: it was not read"}), nil
	}
	raw, err := json.Marshal(own)
	return err == nil && s.one(line, raw), err
}
