package extract

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// MaxFile is the size of the largest file that is read, in bytes.
const MaxFile = 256 << 20

const (
	startTime = time.Minute      // in which a worker is ready; compiling the engine takes seconds
	pageTime  = 20 * time.Second // that one page may take
	fileTime  = 15 * time.Minute // that one file may take
	// worn is how many files a worker reads before a fresh one takes over.
	worn = 200
)

// Reader has files read by worker processes, which it starts when they are
// needed and ends when they misbehave. It is safe for concurrent use; as many
// workers run as calls of Read.
type Reader struct {
	Command []string // starts this program as a worker, which calls Work

	mu     sync.Mutex
	idle   []*process
	closed bool
	peak   int64
}

// Ask is what is wanted of a file.
type Ask struct {
	Pages int  // at most; 0 for all
	Cover bool // pictures of the first page
	// Recognise reads the picture of a page without text, given as PNG, or answers
	// *Refused; nil leaves such pages without.
	Recognise func(ctx context.Context, png []byte) (string, error)
	// Progress is called after each page.
	Progress func(pages int)
}

// Read reads a file of a size. It answers *Refused when the file cannot be
// read: damaged, encrypted, too large, of a kind that has no reader, or one that
// needs more time or memory than a worker has. The Document then holds what was
// learnt until then.
func (r *Reader) Read(ctx context.Context, name string, file io.Reader, size int64, ask Ask) (*Document, error) {
	if size > MaxFile {
		return &Document{}, refuse(fmt.Sprintf("the file has %d MB, and at most %d MB are read", size>>20, MaxFile>>20))
	}
	if size == 0 {
		return &Document{}, refuse("the file is empty")
	}
	p, err := r.worker(ctx)
	if err != nil {
		return nil, err
	}
	doc, err := p.read(ctx, request{Name: filepath.Base(name), Size: size, Pages: ask.Pages, Cover: ask.Cover, Draw: ask.Recognise != nil}, file, ask)
	if p.broken || p.files >= worn {
		r.end(p)
	} else {
		r.rest(p)
	}
	if doc != nil {
		doc.Pages = tidy(doc.Pages)
	}
	return doc, err
}

// Close ends the workers that rest.
func (r *Reader) Close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	for _, p := range r.idle {
		p.end()
		r.peak = max(r.peak, peakOf(p.cmd.ProcessState))
	}
	r.idle = nil
}

// Peak gives the memory that the largest of the workers that have ended held,
// in bytes; 0 where the system does not tell.
func (r *Reader) Peak() int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.peak
}

func (r *Reader) end(p *process) {
	p.end()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.peak = max(r.peak, peakOf(p.cmd.ProcessState))
}

func (r *Reader) worker(ctx context.Context) (*process, error) {
	r.mu.Lock()
	if n := len(r.idle); n > 0 {
		p := r.idle[n-1]
		r.idle = r.idle[:n-1]
		r.mu.Unlock()
		return p, nil
	}
	r.mu.Unlock()
	return start(ctx, r.Command)
}

func (r *Reader) rest(p *process) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		p.end()
		return
	}
	r.idle = append(r.idle, p)
}

// process is a worker as its parent sees it.
type process struct {
	cmd    *exec.Cmd
	in     io.WriteCloser
	lines  chan answer // closed when the worker says no more
	files  int
	broken bool
}

// start starts a worker and waits until it is ready.
func start(ctx context.Context, command []string) (*process, error) {
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Env = []string{"GOMAXPROCS=2", "GOMEMLIMIT=300MiB", "GOGC=50", workerVariable + "=1"}
	cmd.Dir = os.TempDir()
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start a reader of documents: %w", err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start a reader of documents: %w", err)
	}
	said := &tail{}
	cmd.Stderr = said
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start a reader of documents: %w", err)
	}
	p := &process{cmd: cmd, in: in, lines: make(chan answer, 16)}
	go p.listen(out)
	select {
	case a, ok := <-p.lines:
		if ok && a.Done {
			return p, nil
		}
	case <-time.After(startTime):
	case <-ctx.Done():
		p.end()
		return nil, ctx.Err()
	}
	p.end()
	return nil, fmt.Errorf("start a reader of documents: it did not become ready: %s", said.text)
}

// workerVariable tells a program that it is run as a worker.
const workerVariable = "WAYMARK_WORKER"

// tail keeps the beginning of what a worker says before it fails.
type tail struct{ text []byte }

func (t *tail) Write(b []byte) (int, error) {
	if room := 2048 - len(t.text); room > 0 {
		t.text = append(t.text, b[:min(room, len(b))]...)
	}
	return len(b), nil
}

// maxLine bounds a line of a worker's answer: a page, or covers in base 64.
const maxLine = 2 * maxText

func (p *process) listen(out io.Reader) {
	defer close(p.lines)
	in := bufio.NewScanner(out)
	in.Buffer(make([]byte, 1<<16), maxLine)
	for in.Scan() {
		var a answer
		if json.Unmarshal(in.Bytes(), &a) != nil {
			return
		}
		p.lines <- a
	}
}

// end ends the worker at once and waits for it.
func (p *process) end() {
	p.in.Close()
	p.cmd.Process.Kill()
	for range p.lines {
	}
	p.cmd.Wait()
}

// errBroken says that a worker ended or fell silent while it read a file.
var errBroken = errors.New("the reader of documents broke off")

func (p *process) read(ctx context.Context, req request, file io.Reader, ask Ask) (*Document, error) {
	p.files++
	p.broken = true // until the last line has come
	sent := make(chan error, 1)
	go func() {
		header, err := json.Marshal(req)
		if err == nil {
			_, err = p.in.Write(append(header, '\n'))
		}
		if err == nil {
			_, err = io.CopyN(p.in, file, req.Size)
		}
		sent <- err
	}()
	doc := &Document{}
	end, quiet := time.NewTimer(fileTime), time.NewTimer(pageTime)
	defer end.Stop()
	defer quiet.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case err := <-sent:
			if sent = nil; err != nil && !errors.Is(err, io.ErrClosedPipe) && !errors.Is(err, os.ErrClosed) && !brokenPipe(err) {
				return nil, fmt.Errorf("hand over the file %s: %w", req.Name, err)
			}
		case <-end.C:
			return doc, refuse(fmt.Sprintf("reading the file took longer than %v", fileTime))
		case <-quiet.C:
			return doc, refuse(fmt.Sprintf("a page of the file took longer than %v", pageTime))
		case a, ok := <-p.lines:
			if !ok {
				return doc, &Refused{Reason: errBroken.Error() + ": the file is damaged or needs more memory than a reader has", Broke: true}
			}
			if a.Drawn != nil {
				if err := doc.recognise(ctx, a.Drawn, ask); err != nil {
					return nil, err
				}
				end.Reset(fileTime) // the time that recognition takes is not the worker's
			}
			quiet.Reset(pageTime)
			if done, err := doc.take(a); done {
				p.broken = false
				return doc, err
			}
			if (a.Page != nil || a.Drawn != nil) && ask.Progress != nil {
				ask.Progress(len(doc.Pages))
			}
		}
	}
}

// recognise adds a page that is read from its picture.
func (d *Document) recognise(ctx context.Context, page *drawn, ask Ask) error {
	text, err := ask.Recognise(ctx, page.PNG)
	if refused, ok := errors.AsType[*Refused](err); ok {
		d.Unread = refused.Reason
		return nil
	}
	if err != nil {
		return fmt.Errorf("recognise the text of page %d: %w", page.Page, err)
	}
	if strings.TrimSpace(text) != "" {
		d.Pages = append(d.Pages, Page{page.Page, text})
		d.Drawn = append(d.Drawn, page.Page)
	}
	return nil
}

// take adds a line of a worker's answer.
func (d *Document) take(a answer) (done bool, err error) {
	if a.Page != nil {
		d.Pages = append(d.Pages, *a.Page)
	}
	d.Covers = append(d.Covers, a.Covers...)
	if !a.Done {
		return false, nil
	}
	d.Type, d.Count, d.Locked = a.Type, a.Count, a.Locked
	if a.Meta != nil {
		d.Meta = *a.Meta
	}
	if a.Refused != "" {
		return true, refuse(a.Refused)
	}
	return true, nil
}
