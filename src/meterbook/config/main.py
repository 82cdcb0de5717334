"""The entrance of the command line: finds the database, sets Django up, hands over to `meterbook.cli`."""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path

from meterbook.embedded import EmbeddedServer, EmbeddedServerError, default_data_dir

#: Commands that answer without a database.
WITHOUT_DATABASE = {("rates", "check"), ("rates", "cases"), ("reads", "formats"), ("db", "stop"), ("db", "status")}


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
        words[0] in {"db", "rates", "reads", "bills", "bench"}
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


def prepare(data_dir: Path, *, database: bool, fresh: bool) -> None:
    """Set the environment Django reads: data directory, key, database; starts the embedded server if it is used."""
    os.environ["METERBOOK_DATA_DIR"] = str(data_dir)
    if database:
        if not os.environ.get("DATABASE_URL"):
            server = EmbeddedServer(data_dir, say=lambda words: print(words, file=sys.stderr))
            if fresh:
                server.destroy()
            os.environ["DATABASE_URL"] = server.start()
            os.environ["METERBOOK_EMBEDDED"] = "1"
        os.environ["METERBOOK_SECRET_KEY"] = secret_key(data_dir)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "meterbook.config.settings")


def main() -> None:
    """Run one command; exits with its status."""
    try:
        arguments, data_dir = take_data_dir(sys.argv[1:])
        if arguments[:1] == ["bench"]:  # measures on an embedded server of its own, never on the user's
            os.environ.pop("DATABASE_URL", None)
            data_dir = data_dir / "bench"
        fresh = arguments[:1] == ["demo"] and "--fresh" in arguments
        prepare(data_dir, database=needs_database(arguments), fresh=fresh)
    except EmbeddedServerError as error:
        print(f"meterbook: {error}", file=sys.stderr)
        raise SystemExit(1) from error

    import django

    django.setup()
    from meterbook.cli.main import cli

    cli(arguments, prog_name="meterbook")


if __name__ == "__main__":
    main()
