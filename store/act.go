package store

import (
	"cmp"
	"context"
	"database/sql"
	"math"
	"slices"
	"strconv"
	"time"

	"waymark/library"
)

// AddAct keeps an act for ever, but for sign-ins; see ExpireActs.
func (a *Access) AddAct(ctx context.Context, act library.Act) error {
	tx, err := a.s.write.BeginTx(ctx, nil)
	if err != nil {
		return a.s.fail(err, "begin to note an act")
	}
	defer tx.Rollback() // after a commit it does nothing
	_, err = tx.ExecContext(ctx, `INSERT INTO acts (id, at, person, name, act, subject, detail) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		act.ID, act.At.UnixMicro(), string(act.Person), act.Name, act.Did, act.Subject, act.Detail)
	if err == nil && act.Address != "" {
		_, err = tx.ExecContext(ctx, `INSERT INTO act_addresses (act, at, address) VALUES ($1, $2, $3)`, act.ID, act.At.UnixMicro(), act.Address)
	}
	if err == nil {
		err = tx.Commit()
	}
	if err != nil {
		return a.s.fail(err, "note an act")
	}
	return nil
}

// ExpireActs forgets sign-ins and sign-outs of before one time, and from where
// anything was done before another. Nothing else is ever forgotten: the
// database refuses it.
func (a *Access) ExpireActs(ctx context.Context, signIns, addresses time.Time) error {
	tx, err := a.s.write.BeginTx(ctx, nil)
	if err != nil {
		return a.s.fail(err, "begin to forget sign-ins")
	}
	defer tx.Rollback() // after a commit it does nothing
	for _, step := range []struct {
		text string
		args []any
	}{
		{`UPDATE act_bound SET before = $1 WHERE id = 1`, []any{signIns.UnixMicro()}},
		{`DELETE FROM act_addresses WHERE at < $1`, []any{addresses.UnixMicro()}},
		{`DELETE FROM act_addresses WHERE act IN (SELECT id FROM acts WHERE act IN ($1, $2) AND at < $3)`, []any{library.SignedIn, library.SignedOut, signIns.UnixMicro()}},
		{`DELETE FROM acts WHERE act IN ($1, $2) AND at < $3`, []any{library.SignedIn, library.SignedOut, signIns.UnixMicro()}},
		{`UPDATE act_bound SET before = 0 WHERE id = 1`, nil},
	} {
		if _, err = tx.ExecContext(ctx, step.text, step.args...); err != nil {
			return a.s.fail(err, "forget sign-ins")
		}
	}
	if err = tx.Commit(); err != nil {
		return a.s.fail(err, "forget sign-ins")
	}
	return nil
}

// Acts gives acts and edits, the latest first. They are for administrators and
// the house; what an edit was about, and its note, is told only when the viewer
// sees every entry that it changed.
func (a *Access) Acts(ctx context.Context, v library.Viewer, f library.ActFilter) ([]library.Act, error) {
	if !v.MayGovern() {
		return nil, library.Errorf(library.Forbidden, "the audit is for administrators")
	}
	micros, edit, id := int64(math.MaxInt64), false, ""
	if f.After != "" {
		var err error
		if micros, edit, id, err = f.Place(); err != nil {
			return nil, err
		}
	}
	from, to := int64(math.MinInt64), int64(math.MaxInt64)
	if !f.From.IsZero() {
		from = f.From.UnixMicro()
	}
	if !f.To.IsZero() {
		to = f.To.UnixMicro()
	}
	var all []library.Act
	err := a.s.snapshot(ctx, func(tx *sql.Tx) error {
		acts, err := collect(ctx, tx, scanAct, `SELECT a.id, a.at, a.person, a.name, a.act, a.subject, a.detail, coalesce(p.address, '')
FROM acts a LEFT JOIN act_addresses p ON p.act = a.id
WHERE a.at >= $1 AND a.at < $2 AND ($3 = '' OR a.name = $3) AND ($4 = '' OR a.act = $4) AND (a.at < $5 OR a.at = $5 AND $6 = 0 AND a.id < $7)
ORDER BY a.at DESC, a.id DESC LIMIT $8`, from, to, f.Who, f.Did, micros, number(edit), id, f.Limit)
		if err != nil {
			return err
		}
		seq := int64(math.MaxInt64)
		if edit {
			if seq, err = strconv.ParseInt(id, 10, 64); err != nil {
				return invalid("after", "%.60q is no number of an edit", id)
			}
		}
		edits, err := collect(ctx, tx, scanEditAct, `SELECT seq, at, actor, action, note, changes FROM edits
WHERE at >= $1 AND at < $2 AND ($3 = '' OR actor = $3) AND ($4 = '' OR action = $4) AND (at < $5 OR at = $5 AND seq < $6)
ORDER BY at DESC, seq DESC LIMIT $7`, from, to, f.Who, f.Did, micros, seq, f.Limit)
		if err != nil {
			return err
		}
		all = append(acts, edits...)
		slices.SortFunc(all, latest)
		all = all[:min(len(all), f.Limit)]
		for i := range all {
			if err := about(ctx, tx, v, &all[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, a.s.fail(err, "read the audit")
	}
	return all, nil
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}

// latest orders acts as Acts gives them.
func latest(a, b library.Act) int {
	if c := cmp.Or(b.At.Compare(a.At), number(a.Edit)-number(b.Edit)); c != 0 {
		return c
	}
	if a.Edit { // numbers
		return cmp.Or(len(b.ID)-len(a.ID), cmp.Compare(b.ID, a.ID))
	}
	return cmp.Compare(b.ID, a.ID)
}

func scanAct(rows *sql.Rows) (a library.Act, err error) {
	var at int64
	err = rows.Scan(&a.ID, &at, &a.Person, &a.Name, &a.Did, &a.Subject, &a.Detail, &a.Address)
	a.At = moment(at)
	return a, err
}

func scanEditAct(rows *sql.Rows) (a library.Act, err error) {
	var at int64
	err = rows.Scan(&a.ID, &at, &a.Name, &a.Did, &a.Detail, &a.Changes)
	a.At, a.Edit = moment(at), true
	return a, err
}

// about says what an edit changed, if the viewer sees all of that, as it was and
// as it stands; else nothing of it.
func about(ctx context.Context, tx *sql.Tx, v library.Viewer, a *library.Act) error {
	if !a.Edit {
		return nil
	}
	type sight struct {
		entry     string
		was, is   library.Status
		whom, who library.Audience
	}
	scan := func(rows *sql.Rows) (s sight, err error) {
		return s, rows.Scan(&s.entry, &s.was, &s.whom, &s.is, &s.who)
	}
	seen, err := collect(ctx, tx, scan, `SELECT min(r.entry), r.status, r.audience, e.status, e.audience
FROM revisions r JOIN entries e ON e.id = r.entry WHERE r.seq = $1 GROUP BY r.status, r.audience, e.status, e.audience ORDER BY 1`, a.ID)
	if err != nil {
		return err
	}
	for i, s := range seen {
		if !v.Sees(s.was, s.whom) || !v.Sees(s.is, s.who) {
			a.Subject, a.Detail = "", ""
			return nil
		}
		if i == 0 {
			a.Subject = s.entry
		}
	}
	return nil
}
