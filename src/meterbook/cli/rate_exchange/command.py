"""`meterbook rates import` and `rates export`: between public tariff formats and tariff documents."""

from __future__ import annotations

import csv
import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, cast

import click

from meterbook.cli.rate_exchange.outcome import Outcome, Remark
from meterbook.cli.writing import writable, write_text, written

#: One module each in `meterbook.cli.rate_exchange`, with ``take_in`` and ``give_out``.
FORMATS = ("owrs", "urdb")
REPORT = "import-report.csv"
_FILES = click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
_FORMAT = click.option("--format", "name", type=click.Choice(FORMATS), required=True, help="The public format.")


class _Exchange(Protocol):
    def take_in(self, data: bytes, *, file: str, revenue: str) -> Outcome: ...

    def give_out(self, documents: Sequence[tuple[str, str]]) -> tuple[bytes, Outcome]: ...


def _exchange(name: str) -> _Exchange:
    return cast("_Exchange", importlib.import_module(f"meterbook.cli.rate_exchange.{name}"))


@click.command(name="import")
@_FORMAT
@_FILES
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder to write into.")
@click.option("--revenue", default="4000", show_default=True, help="Ledger account of every charge, until replaced.")
@click.option("--replace", is_flag=True, help="Write over documents that stand there with another text.")
def import_(name: str, files: tuple[Path, ...], out: Path, revenue: str, replace: bool) -> None:
    """Make tariff documents of public rate files, with a report of what could not be said.

    A file that is broken, or a part that cannot be expressed, is one sentence and stops nothing else; the exit status
    is then 1. The report is import-report.csv in the folder.
    """
    out.mkdir(parents=True, exist_ok=True)
    taken: dict[str, Path] = {}
    rows: list[tuple[str, str, str, str, str]] = []
    for file in files:
        outcome = _exchange(name).take_in(file.read_bytes(), file=file.name, revenue=revenue)
        documents = _write(outcome, file, out, taken, replace=replace)
        rows += [(str(file), one.part, documents.get(one.part, ""), one.kind, one.sentence) for one in outcome.remarks]
        _tell(file, documents, outcome.remarks)
    with written(out / REPORT) as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("file", "part", "document", "kind", "remark"))
        writer.writerows(rows)
    refused = sum(row[3] == "refused" for row in rows)
    click.echo(f"{len(taken)} documents in {out}, {refused} refused; all remarks in {out / REPORT}")
    if refused:
        raise SystemExit(1)


def _write(outcome: Outcome, file: Path, out: Path, taken: dict[str, Path], *, replace: bool) -> dict[str, str]:
    """Write the documents of one file; returns their file names by part.

    A document's name is that of its record, whatever else is imported. ``taken`` are the names of this run with the
    files they came from: two records of one name are never written over each other.
    """
    names: dict[str, str] = {}
    for document in outcome.documents:
        name = f"{document.name}.yaml"
        target = out / name
        same = target.exists() and target.read_text(encoding="utf-8", errors="replace") == document.text
        if name in taken and not same:
            words = f"{target} is the document of the same record in {taken[name]}, with another text"
            outcome.say("refused", document.part, f"{words}; import them into different folders")
            continue
        if target.exists() and not same and not replace:
            outcome.say("refused", document.part, f"{target} stands there with another text; --replace writes over it")
            continue
        if not same:
            write_text(target, document.text)
        taken.setdefault(name, file)
        names[document.part] = name
    return names


def _tell(file: Path, documents: dict[str, str], remarks: Sequence[Remark]) -> None:
    click.echo(f"{file}: {len(documents)} documents")
    for remark in remarks:
        if remark.kind in ("refused", "lacking"):
            click.echo(f"  {remark.kind:8} {remark.part + ': ' if remark.part else ''}{remark.sentence}")


@click.command(name="export")
@_FORMAT
@_FILES
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="File to write.")
def export(name: str, files: tuple[Path, ...], out: Path) -> None:
    """Write tariff documents in a public format, and say what it has no words for.

    A document that is none is one sentence and left out; the exit status is then 1.
    """
    writable(out)
    texts: list[tuple[str, str]] = []
    for file in files:
        try:
            texts.append((str(file), file.read_text(encoding="utf-8")))
        except UnicodeDecodeError as error:
            raise click.ClickException(f"{file}: byte {error.start} is not UTF-8 text") from None
    data, outcome = _exchange(name).give_out(texts)
    for remark in outcome.remarks:
        click.echo(f"  {remark.kind:8} {remark.part + ': ' if remark.part else ''}{remark.sentence}")
    refused = sum(remark.kind == "refused" for remark in outcome.remarks)
    if data:
        write_text(out, data.decode())
        click.echo(f"{out}: {len(files) - refused} of {len(files)} documents")
    if refused:
        raise SystemExit(1)
