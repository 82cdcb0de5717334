"""One bill as a PDF, or a whole run in batches with a manifest beside each."""

from __future__ import annotations

import json
import os
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from meterbook.engine.money import dollars
from meterbook.notices.bill.batch import Batch, Entry, Isolated, print_batch
from meterbook.notices.bill.document import BillDocument
from meterbook.notices.bill.gather import bill_documents
from meterbook.notices.bill.present import Unprintable, present
from meterbook.notices.bill.press import NotSet, press, template_sha256
from meterbook.notices.bill.words import words
from meterbook.notices.fonts import font_folder, fonts_sha256, printable, unprintable
from meterbook.notices.translating import LANGUAGES
from meterbook.records.billing.models import BillRun
from meterbook.records.billing.stages.handoff import HandedFile, pieces

#: Bills in one file: two pages each as a rule. Typst needs some 5 MB for each while it sets them.
BATCH = 100
#: Processes that set type at the same time.
WORKERS = 2


@dataclass(frozen=True, slots=True)
class RunPrint:
    """What printing a run left: its files in order, the bills in them, and the bills set apart.

    ``spans`` are the pieces in the files, consecutive ones together: a bill set apart leaves its number out.
    """

    files: tuple[Path, ...]
    bills: int
    isolated: tuple[Isolated, ...]
    spans: tuple[HandedFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """The pieces (number, bill) of one file, under the file's name without its ending."""

    stem: str
    pieces: tuple[tuple[int, int], ...]


def render_bill(bill_id: int, language: str | None = None) -> bytes:
    """One bill as PDF/UA-1, in ``language`` or its holder's. Raises `NoSuchBill` or `Unprintable`."""
    return render_documents(bill_documents([bill_id], language))


def render_documents(documents: Sequence[BillDocument]) -> bytes:
    """Some bills as one PDF; raises `Unprintable` for the first that cannot be set."""
    bills = [_presented(document) for document in documents]
    title = bills[0]["title"] if len(bills) == 1 else words(documents[0].language)["title"]
    try:
        return press(_data(bills, documents[0], title), fonts=font_folder()).pdf
    except NotSet as problem:
        raise Unprintable(documents[0].number, str(problem)) from problem


def render_run(
    run_id: int,
    out_dir: Path,
    *,
    wanted: Collection[int] | None = None,
    batch: int = BATCH,
    progress: Callable[[int, int], None] | None = None,
) -> RunPrint:
    """Print a run's bills in the order of the mail, ``batch`` to a file; ``progress`` is told bills done and in all.

    ``wanted`` are the numbers of the pieces to print, all by default; a file of which not every piece is wanted has a
    name of its own. A file that stands there with its manifest, made from the same bills, is kept. A bill that cannot
    be printed is reported in `RunPrint.isolated` and in its batch's manifest, and its batch goes on.
    """
    run = BillRun.objects.get(pk=run_id)
    out_dir.mkdir(parents=True, exist_ok=True)
    name = run.number.replace("/", "-")
    groups = _groups([(piece.number, piece.bill_id) for piece in pieces(run)], name, batch, wanted)
    total = sum(len(group.pieces) for group in groups)
    batches = _batches(groups, out_dir)
    results: list[list[Entry]] = []
    done, waiting = 0, deque[Future[list[Entry]]]()
    with ThreadPoolExecutor(max_workers=min(WORKERS, os.cpu_count() or 1)) as pool:
        for item in batches:
            waiting.append(pool.submit(print_batch, item, font_folder()))
            while len(waiting) > WORKERS:
                done = _finish(waiting, results, done, total, progress)
        while waiting:
            done = _finish(waiting, results, done, total, progress)
    if wanted is None:
        _tidy(groups, results, out_dir, name)
    return _printed(groups, results, out_dir)


def _groups(every: list[tuple[int, int]], name: str, size: int, wanted: Collection[int] | None) -> list[Group]:
    """The files to make: ``size`` pieces each, counted from the first, with those wanted of each."""
    found = []
    for number, start in enumerate(range(0, len(every), size), start=1):
        whole = tuple(every[start : start + size])
        chosen = whole if wanted is None else tuple(piece for piece in whole if piece[0] in wanted)
        stem = f"{name}-{number:04}" if chosen == whole else f"{name}-{number:04}-from-{chosen[0][0]}" if chosen else ""
        if chosen:
            found.append(Group(stem, chosen))
    return found


def _finish(
    waiting: deque[Future[list[Entry]]], results: list[list[Entry]], done: int, total: int,
    progress: Callable[[int, int], None] | None,
) -> int:  # fmt: skip
    """Take the oldest batch in; returns the bills done so far."""
    entries = waiting.popleft().result()
    results.append(entries)
    if progress is not None:
        progress(done + len(entries), total)
    return done + len(entries)


def _tidy(groups: list[Group], results: list[list[Entry]], out_dir: Path, name: str) -> None:
    """Files of an earlier print of this run that it no longer has are removed."""
    stems = {group.stem for group in groups}
    files = {entry.file for result in results for entry in result if entry.file}
    for stale in [*out_dir.glob(f"{name}-[0-9][0-9][0-9][0-9].*")]:
        if stale.stem not in stems or (stale.suffix == ".pdf" and stale.name not in files):
            stale.unlink()


def _printed(groups: list[Group], results: list[list[Entry]], out_dir: Path) -> RunPrint:
    """The outcome of printing: what is in which file, and what was set apart."""
    entries = [entry for result in results for entry in result]
    files = tuple(out_dir / file for file in dict.fromkeys(entry.file for entry in entries if entry.file))
    isolated = tuple(Isolated(entry.number, entry.problem) for entry in entries if entry.problem)
    numbered = [
        (number, entry)
        for group, result in zip(groups, results, strict=True)
        for (number, _bill), entry in zip(group.pieces, result, strict=True)
    ]
    return RunPrint(files=files, bills=len(entries) - len(isolated), isolated=isolated, spans=_spans(numbered))


def _spans(numbered: list[tuple[int, Entry]]) -> tuple[HandedFile, ...]:
    """Consecutive pieces of one file together."""
    spans: list[HandedFile] = []
    for number, entry in numbered:
        if not entry.file:
            continue
        last = spans[-1] if spans else None
        if last is not None and last.name == entry.file and last.first_piece + last.pieces == number:
            spans[-1] = replace(last, pieces=last.pieces + 1, pages=last.pages + entry.pages)
        else:
            spans.append(HandedFile(entry.file, number, 1, entry.pages, entry.file_sha256))
    return tuple(spans)


def _batches(groups: list[Group], out_dir: Path) -> Iterator[Batch]:
    """The run's batches, each gathered when its turn comes."""
    for group in groups:
        documents = bill_documents([bill for _number, bill in group.pieces])
        bills: list[dict[str, Any]] = []
        entries: list[Entry] = []
        for document in documents:
            try:
                bills.append(_presented(document))
                problem = ""
            except Unprintable as refusal:
                problem = refusal.why
            entries.append(Entry(document.number, f"{dollars(document.amount_due_cents)}", problem=problem))
        data = _data(bills, documents[0], f"{words('en')['title']} {group.stem}")
        digest = sha256(json.dumps([_look(), data], ensure_ascii=False, sort_keys=True).encode()).hexdigest()
        yield Batch(stem=out_dir / group.stem, data=data, entries=entries, inputs_sha256=digest)


def _data(bills: list[dict[str, Any]], first: BillDocument, title: str) -> dict[str, Any]:
    """What the template reads."""
    day = first.bill_date
    return {
        "title": title,
        "author": first.issuer.name,
        "lang": first.language if len(bills) == 1 else "en",
        "date": [day.year, day.month, day.day],
        "words": {language: words(language) for language in LANGUAGES},
        "bills": bills,
    }


def _presented(document: BillDocument) -> dict[str, Any]:
    """A bill's strings; raises `Unprintable` naming the characters no font has and where they stand."""
    bill = present(document)
    text = json.dumps(bill, ensure_ascii=False)
    if set(text) <= printable() or not (missing := unprintable(text)):
        return bill
    where = next((line for line in _strings(bill) if set(line) & set(missing)), "")
    raise Unprintable(document.number, f"no font can print {missing!r} in {where!r}")


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list | tuple):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _strings(item)


@cache
def _look() -> str:
    """What decides how every bill looks."""
    return template_sha256(fonts_sha256())
