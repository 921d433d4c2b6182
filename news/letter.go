package news

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"

	"waymark/access"
	"waymark/library"
	"waymark/locale"
)

// sendingLasts bounds the sending of one letter.
const sendingLasts = time.Minute

// send sends what is due, in one letter for each address. A letter that no
// server takes is put off, longer each time.
func (n *Notifier) send(ctx context.Context) error {
	house := library.House()
	due, err := n.Kept.News(ctx, house, n.Now())
	if err != nil {
		return err
	}
	var failed []error
	for len(due) > 0 {
		count := 1
		for count < len(due) && due[count].Address == due[0].Address && due[count].Lang == due[0].Lang {
			count++
		}
		together := due[:count]
		due = due[count:]
		sent := n.letter(ctx, together)
		failed = append(failed, sent)
		for _, x := range together {
			switch {
			case sent == nil:
				err = n.Kept.DropNews(ctx, house, x.ID)
			case x.Attempt+1 >= attempts:
				slog.Error("a piece of news is given up", "record", string(x.Subject), "err", sent)
				err = n.Kept.DropNews(ctx, house, x.ID)
			default:
				err = n.Kept.PutOff(ctx, house, x.ID, n.Now().Add(5*time.Minute<<x.Attempt))
			}
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}

// letter sends one letter of several news.
func (n *Notifier) letter(ctx context.Context, news []library.News) error {
	l, ok := n.Locale.Language(news[0].Lang)
	if !ok {
		l = n.Locale.Negotiate(news[0].Lang)
	}
	var lines []string
	for _, x := range news {
		line, err := n.line(ctx, l, x)
		if err != nil {
			return err
		}
		lines = append(lines, line)
	}
	text := strings.Join(lines, "\n\n") + "\n\n-- \n"
	if news[0].Person != "" {
		text += l.T("news.settings") + "\n" + n.address(l, "/account#notices") + "\n"
	} else {
		text += l.T("news.deleted") + "\n"
	}
	ctx, stop := context.WithTimeout(ctx, sendingLasts)
	defer stop()
	subject := l.N("news.subject", len(news), "Library", l.T("site.name"))
	return n.Porter.Letters.Send(ctx, access.Letter{To: news[0].Address, Subject: subject, Text: text})
}

// line says one piece of news. A letter goes over lines that are not ours: it names
// only what is for everyone, and quotes no note.
func (n *Notifier) line(ctx context.Context, l *locale.Language, x library.News) (string, error) {
	entries, err := n.Library.Entries(ctx, library.House(), []library.ID{x.Subject})
	if err != nil {
		return "", err
	}
	title, to := l.T("news.record"), "/desk/r/"+string(x.Subject)+"/edit"
	if len(entries) > 0 {
		r, err := library.ResourceOf(entries[0])
		if err != nil {
			return "", err
		}
		if t, _ := r.Title(l.Tag); r.Audience == library.Public && t != "" {
			title = t
		}
	}
	if x.Kind == library.NewsPublished {
		to = "/r/" + string(x.Subject)
	}
	line := l.T("news."+string(x.Kind), "Title", strings.Join(strings.Fields(title), " "), "Who", x.Who)
	if x.Kind == library.NewsWithdrawn {
		return strings.TrimSpace(line + " " + x.Why), nil // it has no page any more
	}
	return line + "\n" + n.address(l, to), nil
}

func (n *Notifier) address(l *locale.Language, path string) string {
	return strings.TrimSuffix(n.URL, "/") + "/" + l.Tag + path
}
