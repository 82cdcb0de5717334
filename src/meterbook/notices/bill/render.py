"""One bill as a PDF, or a whole run in batches with a manifest beside each."""

from __future__ import annotations

import json
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.db.models.functions import Collate

from meterbook.engine.money import dollars
from meterbook.notices.bill.batch import Batch, Entry, Isolated, print_batch
from meterbook.notices.bill.document import BillDocument
from meterbook.notices.bill.gather import bill_documents
from meterbook.notices.bill.present import Unprintable, present
from meterbook.notices.bill.press import NotSet, press, template_sha256
from meterbook.notices.bill.words import LANGUAGES, words
from meterbook.notices.fonts import font_folder, fonts_sha256, printable, unprintable
from meterbook.records.billing.models import Bill, BillRun

#: Bills in one file: two pages each as a rule. Typst needs some 5 MB for each while it sets them.
BATCH = 100
#: Processes that set type at the same time.
WORKERS = 2


@dataclass(frozen=True, slots=True)
class RunPrint:
    """What printing a run left: its files in order, the bills in them, and the bills set apart."""

    files: tuple[Path, ...]
    bills: int
    isolated: tuple[Isolated, ...]


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
    run_id: int, out_dir: Path, *, batch: int = BATCH, progress: Callable[[int, int], None] | None = None
) -> RunPrint:
    """Print a run's bills by account number, ``batch`` to a file; ``progress`` is told bills done and bills in all.

    A file that stands there with its manifest, made from the same bills, is kept. A bill that cannot be printed is
    reported in `RunPrint.isolated` and in its batch's manifest, and its batch goes on.
    """
    run = BillRun.objects.get(pk=run_id)
    ordered = Bill.objects.filter(run=run).order_by(Collate("account__number", "C"))
    ids = list(ordered.values_list("pk", flat=True))
    out_dir.mkdir(parents=True, exist_ok=True)
    name = run.number.replace("/", "-")
    batches = _batches(ids, out_dir, name, batch)
    results: list[list[Entry]] = []
    done, waiting = 0, deque[Future[list[Entry]]]()
    with ThreadPoolExecutor(max_workers=min(WORKERS, os.cpu_count() or 1)) as pool:
        for item in batches:
            waiting.append(pool.submit(print_batch, item, font_folder()))
            while len(waiting) > WORKERS:
                done = _finish(waiting, results, done, len(ids), progress)
        while waiting:
            done = _finish(waiting, results, done, len(ids), progress)
    return _printed(results, out_dir, name)


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


def _printed(results: list[list[Entry]], out_dir: Path, name: str) -> RunPrint:
    """The outcome; files of an earlier print of this run that it no longer has are removed."""
    entries = [entry for result in results for entry in result]
    files = tuple(out_dir / file for file in dict.fromkeys(entry.file for entry in entries if entry.file))
    kept = {file.stem for file in files} | {f"{name}-{number:04}" for number in range(1, len(results) + 1)}
    for stale in [*out_dir.glob(f"{name}-[0-9][0-9][0-9][0-9].*")]:
        if stale.stem not in kept or (stale.suffix == ".pdf" and stale not in files):
            stale.unlink()
    isolated = tuple(Isolated(entry.number, entry.problem) for entry in entries if entry.problem)
    return RunPrint(files=files, bills=len(entries) - len(isolated), isolated=isolated)


def _batches(ids: list[int], out_dir: Path, name: str, size: int) -> Iterator[Batch]:
    """The run's batches, each gathered when its turn comes."""
    for number, start in enumerate(range(0, len(ids), size), start=1):
        documents = bill_documents(ids[start : start + size])
        bills: list[dict[str, Any]] = []
        entries: list[Entry] = []
        for document in documents:
            try:
                bills.append(_presented(document))
                problem = ""
            except Unprintable as refusal:
                problem = refusal.why
            entries.append(Entry(document.number, f"{dollars(document.amount_due_cents)}", problem=problem))
        data = _data(bills, documents[0], f"{words('en')['title']} {name}, {number}")
        digest = sha256(json.dumps([_look(), data], ensure_ascii=False, sort_keys=True).encode()).hexdigest()
        yield Batch(stem=out_dir / f"{name}-{number:04}", data=data, entries=entries, inputs_sha256=digest)


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
