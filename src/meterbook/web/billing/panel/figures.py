"""What the control panel shows beside the stages: readiness, reports, mail, what keeps the run open."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext

from meterbook import reports
from meterbook.jobs.run_mail import mail_folder
from meterbook.records.billing.readiness.checks import all_checks
from meterbook.records.billing.readiness.gauge import readiness
from meterbook.records.billing.stages.books import obstacles
from meterbook.records.billing.stages.handoff import handed, unsent
from meterbook.records.billing.stages.kept import KEPT, kept_names
from meterbook.records.billing.stages.log import Entry


@dataclass(frozen=True, slots=True)
class ReadyLine:
    """One line of the readiness table: what, how many of how many, judged how, whose, and where its rows are."""

    title: str
    says: str
    count: int
    of: int
    state: str
    owner: str
    href: str


@dataclass(frozen=True, slots=True)
class ReadyRoute:
    """A route's reads: received of expected, and how many of them are in question."""

    code: str
    expected: int
    received: int
    questioned: int


@dataclass(frozen=True, slots=True)
class Ready:
    """The readiness table, as it is now or as it was known when the calculation was started."""

    state: str
    known_then: bool
    lines: list[ReadyLine]
    routes: list[ReadyRoute]


def ready_now(run: Any) -> Ready:
    """What the bills will rest on, counted now."""
    found = readiness(run)
    lines = [
        ReadyLine(gettext(each.title), gettext(each.says), each.count, each.of, each.state, each.owner,
                  _rows_of(run, each.name))
        for each in found.lines
    ]  # fmt: skip
    routes = [ReadyRoute(each.route, each.expected, each.received, each.questioned) for each in found.routes]
    return Ready(found.state, False, lines, routes)


def ready_then(run: Any, log: list[Entry]) -> Ready | None:
    """What was known when the calculation was last started, as its log has it; nothing if it has none."""
    told = [entry.told["readiness"] for entry in log if "readiness" in entry.told]
    if not told:
        return None
    kept, checks = told[-1], all_checks()
    lines = [
        ReadyLine(gettext(checks[name].title), gettext(checks[name].says), said["count"], said["of"], said["state"],
                  checks[name].owner, _rows_of(run, name))
        for name, said in sorted(kept["checks"].items(), key=lambda pair: list(checks).index(pair[0]))
        if name in checks
    ]  # fmt: skip
    routes = [ReadyRoute(code, *counts) for code, counts in sorted(kept["routes"].items())]
    return Ready(kept["state"], True, lines, routes)


def _rows_of(run: Any, check: str) -> str:
    return f"{reverse('report', args=['run_readiness'])}?{urlencode({'run': run.number, 'check': check})}"


@dataclass(frozen=True, slots=True)
class RunReport:
    """A report of the run: its words, where it opens, and whether it is kept."""

    title: str | Promise
    says: str | Promise
    href: str
    kept: bool


def run_reports(run: Any) -> list[RunReport]:
    """The reports that are kept with a run, in the order of their titles as read."""
    known = kept_names(run)
    found = []
    for name in KEPT:
        report = reports.report(name)
        address = f"{reverse('report', args=[name])}?{urlencode({'run': run.number})}"
        found.append(RunReport(report.title, report.says, address, name in known))
    return sorted(found, key=lambda each: str(each.title))


@dataclass(frozen=True, slots=True)
class MailFile:
    """Pieces in one file: from, to, pages, hash, and where it can be fetched, while it stands in the data directory."""

    name: str
    first: int
    last: int
    pages: int
    sha256: str
    fetch: str


@dataclass(frozen=True, slots=True)
class Mail:
    """A run's mail: bills, pieces, pages, the files, and pieces that are in none."""

    bills: int
    pieces: int
    pages: int
    whole: bool
    begun: bool
    files: list[MailFile]
    unsent: list[int]
    again: list[tuple[int, str]]


def mail_of(run: Any) -> Mail:
    """What left the house of a run."""
    found = handed(run)
    folder = mail_folder(run)
    files = [
        MailFile(each.file_name, each.first_piece, each.first_piece + each.pieces - 1, each.pages, each.sha256,
                 reverse("run_mail_file", args=[run.pk, each.pk]) if (folder / each.file_name).is_file() else "")
        for each in found.files
    ]  # fmt: skip
    left = unsent(run)[:12] if found.begun else []
    again = sorted(int(each.stem.rpartition("-")[2]) for each in folder.glob("*-from-*.pdf"))
    links = [(piece, reverse("run_mail_again", args=[run.pk, piece])) for piece in again]
    return Mail(found.bills, found.pieces, found.pages, found.whole, found.begun, files, left, links)


def mail_file(run: Any, handoff_id: int) -> Path | None:
    """One of a run's files in the data directory, if it still is what was handed off."""
    row: Any = run.handoffs.filter(pk=handoff_id).first()
    if row is None:
        return None
    file: Path = mail_folder(run) / row.file_name
    if not file.is_file() or sha256(file.read_bytes()).hexdigest() != row.sha256:
        return None
    return file


def file_again(run: Any, piece: int) -> Path | None:
    """The file that was printed again from a piece on, or nothing."""
    return next(iter(mail_folder(run).glob(f"*-from-{piece}.pdf")), None)


def kept_open_by(run: Any) -> list[str]:
    """Every reason a posted run cannot close, in the reader's words."""
    return [each.step.words(gettext) for each in obstacles(run)]
