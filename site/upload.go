package site

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"os"
	"path"
	"strings"
	"time"

	"waymark/extract"
	"waymark/library"
	"waymark/locale"
	"waymark/serve"
)

// Uploads keeps files that persons bring at the desk; see intake.Documents. It
// answers *extract.Refused for one that cannot be read.
type Uploads interface {
	Keep(ctx context.Context, name string, file library.Blob) (library.File, error)
}

// Brought knows which files a person has brought and not saved with a record
// yet; see store.Store.
type Brought interface {
	KeepUpload(ctx context.Context, v library.Viewer, u library.Upload) error
	Uploads(ctx context.Context, v library.Viewer, subject library.ID) ([]library.Upload, error)
	DropUploads(ctx context.Context, v library.Viewer, subject library.ID, digest string) error
}

// inputUpload is the input of files, inputUnload that of the digests of those
// that are not to be added after all.
const (
	inputUpload = "upload"
	inputUnload = "unload"
)

const (
	// uploadTime is how long a form with files may take to arrive, on a bad line.
	uploadTime = 30 * time.Minute
	// uploadsAtOnce bounds the files that one form brings.
	uploadsAtOnce = 10
)

// sent is a file as it came with a form.
type sent struct {
	name  string
	file  *os.File
	large bool // larger than is taken; file is nil
}

func (f sent) close() {
	if f.file != nil {
		f.file.Close()
		os.Remove(f.file.Name())
	}
}

// posted reads a posted form with the files that it brings, which the caller
// closes. A file that is too large costs nothing else of the form: text comes
// before files in it.
func (s *Site) posted(w http.ResponseWriter, r *http.Request) (url.Values, []sent, error) {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "multipart/form-data" {
		err := readForm(w, r, maxForm)
		return r.PostForm, nil, err
	}
	slow := http.NewResponseController(w)
	if err := errors.Join(slow.SetReadDeadline(s.Now().Add(uploadTime)), slow.SetWriteDeadline(s.Now().Add(2*uploadTime))); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return nil, nil, err
	}
	r.Body = http.MaxBytesReader(w, r.Body, s.UploadMost*uploadsAtOnce+maxForm)
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, nil, library.Errorf(library.Invalid, "read the form: %w", err)
	}
	values, files := url.Values{}, []sent(nil)
	left := int64(maxForm)
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return values, files, nil
		}
		_, cut := errors.AsType[*http.MaxBytesError](err)
		if cut && len(files) > 0 { // what came before it counts
			return values, files, nil
		}
		if err == nil && part.FileName() != "" {
			var f sent
			if f, err = s.receive(part.FileName(), part); f.name != "" {
				files = append(files, f)
			}
		} else if err == nil && part.FormName() != inputUpload {
			var b []byte
			b, err = io.ReadAll(io.LimitReader(part, left+1))
			if left -= int64(len(b)); left < 0 {
				err = library.Errorf(library.Invalid, "the form has more than %d bytes", maxForm)
			}
			values.Add(part.FormName(), string(b))
		}
		if err != nil {
			for _, f := range files {
				f.close()
			}
			return nil, nil, library.Errorf(library.Invalid, "read the form: %w", err)
		}
	}
}

// receive puts a file that arrives on the disk, unless it is too large.
func (s *Site) receive(name string, body io.Reader) (sent, error) {
	file, err := os.CreateTemp("", "waymark-upload-")
	if err != nil {
		return sent{}, err
	}
	f := sent{name: path.Base(strings.ReplaceAll(name, `\`, "/")), file: file}
	n, err := io.Copy(file, io.LimitReader(body, s.UploadMost+1))
	if err == nil && n <= s.UploadMost {
		return f, nil
	}
	f.close()
	if err != nil {
		return sent{}, err
	}
	_, err = io.Copy(io.Discard, body) // so that the browser comes to read the answer
	if _, cut := errors.AsType[*http.MaxBytesError](err); cut {
		err = nil
	}
	return sent{name: f.name, large: true}, err
}

// takeUploads keeps the files that a form brought for a record, forgets those
// that the person takes back, and notes in the form what was refused.
func (s *Site) takeUploads(r *http.Request, l *locale.Language, id library.ID, files []sent, f *form) error {
	v, ctx := serve.Viewer(r), r.Context()
	for _, digest := range f.values[inputUnload] {
		if err := s.Brought.DropUploads(ctx, v, id, digest); err != nil {
			return err
		}
		f.values.Del("file:" + digest)
		delete(f.fields, "file:"+digest)
	}
	f.values.Del(inputUnload)
	var faults []string
	for i, file := range files {
		why, err := s.takeUpload(ctx, v, l, id, file, i)
		if err != nil {
			return err
		}
		if why != "" {
			faults = append(faults, why)
			continue
		}
		f.brought = true
	}
	if len(faults) > 0 {
		f.faults[inputUpload] = strings.Join(faults, " ")
	}
	return nil
}

// takeUpload keeps one file, or says why it is not taken.
func (s *Site) takeUpload(ctx context.Context, v library.Viewer, l *locale.Language, id library.ID, file sent, nth int) (why string, err error) {
	switch {
	case s.Uploads == nil:
		return l.T("desk.upload.none"), nil
	case nth >= uploadsAtOnce:
		return l.T("desk.upload.many"), nil
	case file.large:
		return l.T("desk.upload.large", "Name", file.name, "Size", l.Number(int(s.UploadMost>>20))), nil
	}
	kept, err := s.Uploads.Keep(ctx, file.name, file.file)
	if refused, ok := errors.AsType[*extract.Refused](err); ok {
		return l.T("desk.upload.refused", "Name", file.name, "Why", refused.Reason), nil
	}
	if err != nil {
		return "", err
	}
	err = s.Brought.KeepUpload(ctx, v, library.Upload{Subject: id, File: kept, At: s.Now()})
	if fault, ok := asError(err); ok && fault.Key != "" {
		return l.T(fault.Key), nil
	}
	return "", err
}

// uploads gives the files that the viewer has brought for a record, as the form
// names them.
func (s *Site) uploads(r *http.Request, id library.ID, fields library.Fields) ([]library.File, error) {
	brought, err := s.Brought.Uploads(r.Context(), serve.Viewer(r), id)
	var files []library.File
	for _, u := range brought {
		file := u.File
		if said := fields["file:"+file.Digest]; len(said) >= 3 {
			file.Name, file.Audience, file.Language, file.Opens = said[0], library.Audience(said[1]), said[2], library.Date(strings.Join(said[3:], ""))
		}
		files = append(files, file)
	}
	return files, err
}

// holding gives the records that have one of the files already, of those that the
// viewer sees, but for the one at hand.
func (s *Site) holding(r *http.Request, l *locale.Language, id library.ID, files []library.File) ([]related, error) {
	records, err := s.Desk.Holding(r.Context(), serve.Viewer(r), files)
	var out []related
	for _, rec := range records {
		if rec.ID != id {
			title, lang := rec.Title(l.Tag)
			out = append(out, related{URL: "/" + l.Tag + "/r/" + string(rec.ID), Note: l.Date(rec.Date), Title: plain(title, lang)})
		}
	}
	return out, err
}
