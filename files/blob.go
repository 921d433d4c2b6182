package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/minio/minio-go/v7"
)

// blob is an object of a bucket as an open file. It is read in blocks, of which
// the last few are kept, so that many small readings are few requests.
type blob struct {
	*io.SectionReader
	s          *S3
	name, etag string
	size       int64
	ctx        context.Context // of the opening, without its end: a Blob is read without one

	mu   sync.Mutex
	kept []block // the last used at the end
}

type block struct {
	number int64
	data   []byte
}

const (
	blockSize  = 1 << 20
	blocksKept = 8
)

// Close lets go of what was read.
func (b *blob) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.kept = nil
	return nil
}

// blocks reads a blob from any place.
type blocks struct{ b *blob }

// ReadAt implements io.ReaderAt.
func (r blocks) ReadAt(p []byte, at int64) (n int, err error) {
	for n < len(p) {
		if at >= r.b.size {
			return n, io.EOF
		}
		data, err := r.b.block(at / blockSize)
		if err != nil {
			return n, err
		}
		got := copy(p[n:], data[at%blockSize:])
		n, at = n+got, at+int64(got)
	}
	return n, nil
}

// block gives one block, from memory when it was read a short while ago.
func (b *blob) block(number int64) ([]byte, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, k := range b.kept {
		if k.number == number {
			b.kept = append(append(b.kept[:i:i], b.kept[i+1:]...), k)
			return k.data, nil
		}
	}
	from := number * blockSize
	to := min(from+blockSize, b.size)
	var o minio.GetObjectOptions
	err := errors.Join(o.SetRange(from, to-1), o.SetMatchETag(b.etag))
	var object *minio.Object
	if err == nil {
		object, err = b.s.client.GetObject(b.ctx, b.s.bucket, b.name, o)
	}
	if err != nil {
		return nil, fmt.Errorf("read a kept file: %w", err)
	}
	defer object.Close()
	data := make([]byte, to-from)
	if _, err := io.ReadFull(object, data); err != nil {
		return nil, fmt.Errorf("read a kept file: %w", err)
	}
	b.kept = append(b.kept, block{number, data})
	if len(b.kept) > blocksKept {
		b.kept = b.kept[1:]
	}
	return data, nil
}
