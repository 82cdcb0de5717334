"""What can go wrong with the embedded server, each in words a person can act on."""

from pathlib import Path


class EmbeddedServerError(Exception):
    """The embedded PostgreSQL server could not do what was asked."""


class BinariesNotFound(EmbeddedServerError):
    """The packaged PostgreSQL binaries are not installed beside this Python."""


class ServiceUserUnavailable(EmbeddedServerError):
    """Running as root, and there is no user to run PostgreSQL as, or no right to become it."""


class DataDirectoryUnusable(EmbeddedServerError):
    """The data directory cannot hold the cluster: wrong owner, foreign content, or an unusable path."""


class DataDirectoryVersionMismatch(EmbeddedServerError):
    """The cluster was made by another PostgreSQL major version.

    `found` and `expected` are major versions as PostgreSQL writes them, e.g. "16" and "18".
    """

    def __init__(self, cluster: Path, *, found: str, expected: str) -> None:
        self.cluster, self.found, self.expected = cluster, found, expected
        super().__init__(
            f"{cluster} holds a PostgreSQL {found} cluster (found: {found}), and this Meterbook runs "
            f"PostgreSQL {expected} (expected: {expected}). Nothing was changed. Dump it with PostgreSQL {found} "
            f"and restore into a new --data-dir, or choose another --data-dir."
        )


class ServerCommandFailed(EmbeddedServerError):
    """A PostgreSQL tool failed. `output` is what it said, `log_tail` the last lines of the server log."""

    def __init__(self, doing: str, *, output: str, log: Path | None = None) -> None:
        self.output = output.strip()
        self.log_tail = tail(log, lines=25) if log is not None else ""
        parts = [f"PostgreSQL failed while {doing}.", self.output]
        if self.log_tail:
            parts.append(f"Last lines of {log}:\n{self.log_tail}")
        super().__init__("\n".join(part for part in parts if part))


def tail(log: Path, *, lines: int) -> str:
    """The last `lines` lines of a text file (of its last 64 KiB), or "" when it cannot be read."""
    try:
        with log.open("rb") as stream:
            stream.seek(max(0, log.stat().st_size - 65536))
            text = stream.read().decode("utf-8", "replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-lines:])
