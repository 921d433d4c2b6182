package store

import (
	"context"
	"database/sql"
	"embed"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings a database to this program's schema. A newer one is refused:
// this program would write into tables it does not know.
func migrate(ctx context.Context, db *sql.DB, dialect goose.Dialect, path string) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(dialect, db, files,
		goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return err
	}
	has, err := provider.GetDBVersion(ctx)
	if err != nil {
		return err
	}
	sources := provider.ListSources()
	knows := sources[len(sources)-1].Version
	if has > knows {
		return refuse("the library %s was written by a newer Waymark (schema %d, this program knows %d): "+
			"run the newer program, or restore the backup from before it was installed", path, has, knows)
	}
	_, err = provider.Up(ctx)
	return err
}
