// Package app assembles Waymark: its command line, its configuration, and the
// wiring of doors, capabilities and engines.
package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"waymark/access"
	"waymark/library"
)

// The exit codes of every command.
const (
	exitWell    = 0
	exitRefused = 1 // it ran, and some of the input was refused
	exitFailed  = 2 // it could not run
)

// commandLine is the whole command line; a command's own flags stand in its file.
type commandLine struct {
	Config

	Serve         serveCommand         `cmd:"" help:"Open the library in a browser."`
	Import        importCommand        `cmd:"" help:"Read publications from files into the library."`
	Harvest       harvestCommand       `cmd:"" help:"Read sources on the web again and again (OAI-PMH, feeds, sitemaps)."`
	Export        exportCommand        `cmd:"" help:"Write publications in a form that other programs read."`
	Search        searchCommand        `cmd:"" help:"Search the library from the terminal; without words, browse it."`
	Guide         guideCommand         `cmd:"" help:"Handbooks and procedures: import, editions, adaptations, feedback."`
	Reindex       reindexCommand       `cmd:"" help:"Build the search index anew beside the one in use."`
	Check         checkCommands        `cmd:"" help:"Compare the library with its search index and files, or visit its links."`
	Agents        agentsCommand        `cmd:"" help:"Persons and organisations: list, merge, take back, identify."`
	Duplicates    duplicatesCommand    `cmd:"" help:"Records that may be one work: list them, look through the library for them."`
	Merge         mergeCommand         `cmd:"" help:"Make one record of two that describe one work."`
	Unmerge       unmergeCommand       `cmd:"" help:"Take a merge back."`
	Relate        relateCommand        `cmd:"" help:"Note that one record is a translation, a newer edition or a part of another."`
	Different     differentCommand     `cmd:"" help:"Note that two records are two works."`
	User          userCommand          `cmd:"" help:"Persons who may sign in: add, list, give a role, keep out."`
	Audit         auditCommand         `cmd:"" help:"Write who did what: sign-ins, roles, rules, tokens, edits, settings."`
	Token         tokenCommand         `cmd:"" help:"Tokens that let programs in on behalf of a person."`
	Use           usageCommand         `cmd:"" name:"usage" help:"Write a table of how often records were viewed and downloaded, as CSV."`
	DOI           doiCommands          `cmd:"" name:"doi" help:"Records that may be given a DOI."`
	Bench         benchCommand         `cmd:"" help:"Measure this program on this machine."`
	Evidence      evidenceCommands     `cmd:"" help:"Studies and evidence maps: import, freeze."`
	Indicators    indicatorCommands    `cmd:"" help:"Observations of indicators: import, release."`
	Vocabulary    vocabularyCommand    `cmd:"" help:"Vocabularies: check, copy out to be edited, exchange as SKOS."`
	ReadDocuments readDocumentsCommand `cmd:"" hidden:""`
	Settings      configCommand        `cmd:"" name:"config" help:"Print the settings in force and where each comes from."`
}

// streams are where a command reads and writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// errRefused says that the command ran and refused some of its input; it has
// reported what.
var errRefused = errors.New("some of the input was refused")

// Main runs one command and gives its exit code.
func Main(args []string, in io.Reader, out, errs io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var cl commandLine
	file := &settings{config: &cl.Config}
	parser, err := kong.New(&cl,
		kong.Name("waymark"),
		kong.Description("An open library for people who protect others from human trafficking."),
		kong.Writers(out, errs),
		kong.Vars{"formats": formatNames(false), "written": formatNames(true), "rules": rulesHelp},
		kong.Exit(func(code int) { panic(exitCode(code)) }),
		kong.UsageOnError(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Resolvers(file),
		kong.Bind(file, &cl.Config),
	)
	if err != nil {
		fmt.Fprintln(errs, "waymark:", err)
		return exitFailed
	}
	return run(ctx, parser, args, streams{in, out, errs})
}

// exitCode carries kong's wish to end, as after --help, out of its parser.
type exitCode int

func run(ctx context.Context, parser *kong.Kong, args []string, s streams) (code int) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case exitCode:
			if p != exitWell {
				code = exitFailed
			}
		default:
			panic(p)
		}
	}()
	command, err := parser.Parse(args)
	if err != nil {
		parser.FatalIfErrorf(err)
	}
	command.BindTo(access.Doing(ctx, atTerminal(), netip.Addr{}), (*context.Context)(nil))
	return exit(s.err, command.Run(s))
}

// exit is the one table from errors to exit codes; it says what went wrong.
func exit(w io.Writer, err error) int {
	switch {
	case err == nil:
		return exitWell
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(w, "waymark: stopped before the end; what was done until then stays")
		return exitFailed
	case errors.Is(err, errRefused):
		return exitRefused
	}
	fmt.Fprintln(w, "waymark:", err)
	if library.KindOf(err) == library.Busy {
		fmt.Fprintln(w, "Another process is writing to the library: try again in a moment.")
	}
	return exitFailed
}
