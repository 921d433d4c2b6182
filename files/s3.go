package files

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"waymark/library"
)

// S3 keeps files as objects of a bucket, under the names that Disk gives them
// in its folder. An object is there whole or not at all; the server's word that
// it is there is the durability that Put promises.
type S3 struct {
	client         *minio.Client
	bucket, prefix string
	grace          time.Duration // before which Each does not see a file
}

// young is how long a file of a bucket may be on its way into the library.
const young = 24 * time.Hour

// OpenS3 opens a bucket by an address such as
//
//	s3://s3.example.org/bucket/prefix?region=eu-1
//
// to which "&tls=off" says that the server speaks plain HTTP. The key is that
// of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or of the file of AWS's tools;
// it never stands in the address.
func OpenS3(ctx context.Context, address string) (*S3, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "s3" || u.Host == "" {
		return nil, library.Errorf(library.Invalid, "%q is no address of a bucket: write s3://HOST/BUCKET", address)
	}
	if u.User != nil {
		return nil, library.Errorf(library.Invalid, "the address of the bucket holds a key: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY instead")
	}
	bucket, prefix, _ := strings.Cut(strings.Trim(u.Path, "/"), "/")
	if bucket == "" {
		return nil, library.Errorf(library.Invalid, "%q names no bucket: write s3://HOST/BUCKET", address)
	}
	client, err := minio.New(u.Host, &minio.Options{
		Creds:  credentials.NewChainCredentials([]credentials.Provider{&credentials.EnvAWS{}, &credentials.FileAWSCredentials{}}),
		Secure: u.Query().Get("tls") != "off", Region: u.Query().Get("region"),
	})
	if err != nil {
		return nil, fmt.Errorf("open the bucket %s: %w", bucket, err)
	}
	there, err := client.BucketExists(ctx, bucket)
	if err != nil {
		return nil, fmt.Errorf("open the bucket %s on %s: %w", bucket, u.Host, err)
	}
	if !there {
		return nil, library.Errorf(library.NotFound, "there is no bucket %s on %s: make it first", bucket, u.Host)
	}
	return &S3{client, bucket, prefix, young}, nil
}

// name gives the name of an object; only a SHA-256 becomes one.
func (s *S3) name(tree, digest string, more ...string) (string, error) {
	if !digestForm.MatchString(digest) {
		return "", library.Errorf(library.NotFound, "%q is not the SHA-256 of a file", digest)
	}
	return path.Join(append([]string{s.prefix, tree, digest[:2], digest}, more...)...), nil
}

// Put keeps what it reads and gives its SHA-256 and size. It is read into a
// temporary file first, since its name is known at its end.
func (s *S3) Put(ctx context.Context, r io.Reader) (digest string, size int64, err error) {
	hash := sha256.New()
	f, size, err := spool(ctx, io.TeeReader(r, hash))
	if err != nil {
		return "", 0, fmt.Errorf("keep a file: %w", err)
	}
	defer drop(f)
	digest = hex.EncodeToString(hash.Sum(nil))
	name, err := s.name("originals", digest)
	if err != nil {
		return "", 0, err
	}
	if there, err := s.client.StatObject(ctx, s.bucket, name, minio.StatObjectOptions{}); err == nil && there.Size == size {
		return digest, size, nil
	}
	if err := s.put(ctx, name, f, size); err != nil {
		return "", 0, fmt.Errorf("keep the file %s: %w", digest, err)
	}
	return digest, size, nil
}

func (s *S3) put(ctx context.Context, name string, r io.Reader, size int64) error {
	_, err := s.client.PutObject(ctx, s.bucket, name, r, size, minio.PutObjectOptions{ContentType: "application/octet-stream"})
	return err
}

// spool writes to a temporary file and goes back to its beginning.
func spool(ctx context.Context, r io.Reader) (*os.File, int64, error) {
	f, err := os.CreateTemp("", "waymark-")
	if err != nil {
		return nil, 0, err
	}
	size, err := io.Copy(f, until{ctx, r})
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		drop(f)
		return nil, 0, err
	}
	return f, size, nil
}

func drop(f *os.File) {
	f.Close()
	os.Remove(f.Name()) // in the system's temporary folder, which is swept
}

// Open opens a file; its size is where its end is. It answers NotFound when it
// is not kept here.
func (s *S3) Open(ctx context.Context, digest string) (library.Blob, error) {
	name, err := s.name("originals", digest)
	if err != nil {
		return nil, err
	}
	return s.open(ctx, name)
}

func (s *S3) open(ctx context.Context, name string) (library.Blob, error) {
	info, err := s.client.StatObject(ctx, s.bucket, name, minio.StatObjectOptions{})
	if missing(err) {
		return nil, library.Errorf(library.NotFound, "the file %s is not kept here", path.Base(name))
	}
	if err != nil {
		return nil, fmt.Errorf("open a kept file: %w", err)
	}
	b := &blob{s: s, name: name, etag: info.ETag, size: info.Size, ctx: context.WithoutCancel(ctx)}
	b.SectionReader = io.NewSectionReader(blocks{b}, 0, info.Size)
	return b, nil
}

func missing(err error) bool {
	answer := minio.ToErrorResponse(err)
	return err != nil && (answer.StatusCode == http.StatusNotFound || answer.Code == "NoSuchKey")
}

// Derive keeps something that was made of a file, under a name of its own. What
// had the name is replaced.
func (s *S3) Derive(ctx context.Context, digest, name string, data io.Reader) error {
	object, err := s.name("derived", digest, path.Base(name))
	if err != nil {
		return err
	}
	f, size, err := spool(ctx, data)
	if err == nil {
		defer drop(f)
		err = s.put(ctx, object, f, size)
	}
	if err != nil {
		return fmt.Errorf("keep %s of the file %s: %w", name, digest, err)
	}
	return nil
}

// Derived opens what Derive has kept; NotFound when there is no such thing.
func (s *S3) Derived(ctx context.Context, digest, name string) (library.Blob, error) {
	object, err := s.name("derived", digest, path.Base(name))
	if err != nil {
		return nil, err
	}
	return s.open(ctx, object)
}

// Each goes through all files, in no order, but for those of the last day: a
// bucket has no locks, and one of them may be on its way into the library.
func (s *S3) Each(ctx context.Context, f func(Kept) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // ends the listing
	for o := range s.client.ListObjects(ctx, s.bucket, minio.ListObjectsOptions{Prefix: path.Join(s.prefix, "originals") + "/", Recursive: true}) {
		if o.Err != nil {
			return fmt.Errorf("go through the kept files: %w", o.Err)
		}
		if digest := path.Base(o.Key); digestForm.MatchString(digest) && time.Since(o.LastModified) >= s.grace {
			if err := f(Kept{digest, o.Size, o.LastModified}); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

// Remove lets go of a file and of all that was derived from it.
func (s *S3) Remove(ctx context.Context, digest string) error {
	name, err := s.name("originals", digest)
	if err != nil {
		return err
	}
	derived, err := s.name("derived", digest)
	if err != nil {
		return err
	}
	for o := range s.client.ListObjects(ctx, s.bucket, minio.ListObjectsOptions{Prefix: derived + "/", Recursive: true}) {
		if err = o.Err; err == nil {
			err = s.client.RemoveObject(ctx, s.bucket, o.Key, minio.RemoveObjectOptions{})
		}
		if err != nil {
			return fmt.Errorf("remove what was made of the file %s: %w", digest, err)
		}
	}
	if err := s.client.RemoveObject(ctx, s.bucket, name, minio.RemoveObjectOptions{}); err != nil && !missing(err) {
		return fmt.Errorf("remove the file %s: %w", digest, err)
	}
	return nil
}

// Use does nothing: a bucket has no locks; see Each.
func (s *S3) Use() (done func(), err error) { return func() {}, nil }

// Alone gives the right to remove what nothing refers to: of what Each gives,
// nothing is on its way any more.
func (s *S3) Alone() (done func(), err error) { return func() {}, nil }

// Sweep removes the parts of uploads that never came to their end.
func (s *S3) Sweep() error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var errs []error
	for u := range s.client.ListIncompleteUploads(ctx, s.bucket, path.Join(s.prefix, "originals")+"/", true) {
		if minio.ToErrorResponse(u.Err).Code == "NoSuchUpload" {
			break // as some servers say that there is none
		}
		if u.Err != nil {
			return fmt.Errorf("remove what was being written: %w", u.Err)
		}
		if time.Since(u.Initiated) >= s.grace {
			errs = append(errs, s.client.RemoveIncompleteUpload(ctx, s.bucket, u.Key))
		}
	}
	return errors.Join(errs...)
}
