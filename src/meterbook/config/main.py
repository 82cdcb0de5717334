"""The entrance of the command line: finds the database, sets Django up, hands over to `meterbook.cli`."""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path

from meterbook.embedded import DataDirectoryUnusable, EmbeddedServer, EmbeddedServerError, default_data_dir

#: Commands that answer without a database.
WITHOUT_DATABASE = {
    ("rates", "check"), ("reads", "formats"), ("db", "stop"), ("db", "status"), ("bench", "rating"),
    ("bench", "rate-impact"), ("bench", "intervals"), ("bench", "crash"), ("simulate", "head-end"), ("simulate", "mdm"),
}  # fmt: skip
#: The file by which a data directory is known to be a demo's.
DEMO_MARK = "demo-city"


def take_data_dir(arguments: list[str]) -> tuple[list[str], Path]:
    """Take ``--data-dir DIR`` out of the arguments, wherever it stands; the default is the user's own directory."""
    left: list[str] = []
    chosen: str | None = os.environ.get("METERBOOK_DATA_DIR") or None
    words = iter(arguments)
    for word in words:
        if word == "--data-dir":
            chosen = next(words, None)
            if chosen is None:
                raise SystemExit("meterbook: --data-dir needs a directory")
        elif word.startswith("--data-dir="):
            chosen = word.partition("=")[2]
        else:
            left.append(word)
    return left, Path(chosen).absolute() if chosen else default_data_dir()


def needs_database(arguments: list[str]) -> bool:
    """Whether a command line will talk to the database; help never does."""
    words = [word for word in arguments if not word.startswith("-")]
    if not words or "--help" in arguments or "-h" in arguments:
        return False
    return tuple(words[:2]) not in WITHOUT_DATABASE and len(words) > (
        words[0] in {"db", "rates", "reads", "bills", "bench", "field", "mdm", "simulate"}
    )


def secret_key(data_dir: Path) -> str:
    """The installation's key: from the environment, otherwise made once and kept in the data directory, mode 0600."""
    given = os.environ.get("METERBOOK_SECRET_KEY")
    if given:
        return given
    file = data_dir / "secret-key"
    if not file.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        made = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(made, "w") as out:
            out.write(secrets.token_urlsafe(48))
    return file.read_text()


def prepare(data_dir: Path, *, with_key: bool) -> None:
    """Set what Django's settings read from the environment, and set Django up; no database is touched yet."""
    os.environ["METERBOOK_DATA_DIR"] = str(data_dir)
    if with_key:
        os.environ["METERBOOK_SECRET_KEY"] = secret_key(data_dir)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "meterbook.config.settings")

    import django

    django.setup()


def open_database(data_dir: Path, *, demo: bool = False, fresh: bool = False) -> None:
    """Start the embedded server, unless DATABASE_URL names one, and point Django at it.

    ``fresh`` removes the cluster of the data directory first; only that of a demo, known by the file it leaves.
    """
    if os.environ.get("DATABASE_URL"):
        return
    server = EmbeddedServer(data_dir, say=lambda words: print(words, file=sys.stderr))
    if fresh:
        if server.cluster.exists() and not (data_dir / DEMO_MARK).exists():
            raise DataDirectoryUnusable(f"--fresh refused: {data_dir} holds a database that is not a demo's")
        server.destroy()
    if demo and not server.cluster.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        (data_dir / DEMO_MARK).touch()
    os.environ["DATABASE_URL"] = server.start()
    os.environ["METERBOOK_EMBEDDED"] = "1"

    from django.db import connections

    from meterbook.config.settings import database

    connections["default"].settings_dict.update(database(os.environ["DATABASE_URL"]))


def check_arguments(arguments: list[str]) -> None:
    """Let click refuse a wrong demo command line before anything is removed for it."""
    import click

    from meterbook.cli.commands.demo import command

    try:
        command.make_context("meterbook demo", arguments[1:])
    except click.exceptions.Exit as done:
        raise SystemExit(done.exit_code) from done
    except click.ClickException as error:
        error.show()
        raise SystemExit(error.exit_code) from error


def main() -> None:
    """Run one command; exits with its status."""
    arguments, data_dir = take_data_dir(sys.argv[1:])
    if arguments[:1] == ["bench"]:  # measures on an embedded server of its own, never on the user's
        os.environ.pop("DATABASE_URL", None)
        data_dir = data_dir / "bench"
    with_database = needs_database(arguments)
    is_demo = arguments[:1] == ["demo"] and with_database
    try:
        prepare(data_dir, with_key=with_database)
        if is_demo:
            check_arguments(arguments)
        if with_database:
            open_database(data_dir, demo=is_demo, fresh=is_demo and "--fresh" in arguments)
    except (EmbeddedServerError, OSError) as error:
        print(f"meterbook: {error}", file=sys.stderr)
        raise SystemExit(1) from error

    from meterbook.cli.main import cli

    cli(arguments, prog_name="meterbook")


if __name__ == "__main__":
    main()
