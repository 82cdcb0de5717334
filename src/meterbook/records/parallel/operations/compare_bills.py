"""Comparing another system's bills with ours, and signing what came of it."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Max

from meterbook.formats.bills_csv import BillLine, ParsedBills, parse
from meterbook.records.billing.models import BillRun
from meterbook.records.billing.operations.calculate_run import code_sha256
from meterbook.records.customers.models import Account
from meterbook.records.parallel.compare import Outcome, compare_account
from meterbook.records.parallel.mapping import Mapping
from meterbook.records.parallel.models import ComparedBill, Comparison, SignOff
from meterbook.records.parallel.ours import Days, OurBill, of_days, of_run, seal
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed, ImportBatch
from meterbook.records.platform.operations.attach_file import keep_file
from meterbook.records.platform.roles import BILLING, FINANCE, SUPERVISOR

_BATCH = 2000
Told = Callable[[int, int], None]


class CannotCompare(ValueError):
    """The file cannot be compared as it stands; names line, field, found and expected, or what is missing."""


class OwnComparison(PermissionError):
    """Who made a comparison cannot sign it."""


class NoteNeeded(ValueError):
    """Something is unexplained: the sign-off must say what is accepted and why."""


class AlreadySigned(ValueError):
    """The comparison is signed."""


@operation("parallel.compare_bills", roles={BILLING, SUPERVISOR, FINANCE})
def compare_bills(
    deed: Deed,
    *,
    file_name: str,
    content: bytes,
    mapping: Mapping,
    run: BillRun | None = None,
    told: Told = lambda done, of: None,
) -> Comparison:
    """Compare a file of bills (`formats.bills_csv`) with a run of ours, or with our posted bills of the same days.

    The same file, mapping, bills of ours and code give the comparison of the first time. Raises `WrongFormat` and
    `CannotCompare`.
    """
    parsed = _whole(parse(content), file_name)
    ours = list(of_run(run)) if run is not None else list(of_days(_days(parsed, file_name)))
    source = _kept(deed, parsed, file_name, content)
    key: dict[str, Any] = {
        "source": source, "run": run, "mapping_sha256": mapping.sha256, "ours_sha256": seal(ours),
        "code_sha256": code_sha256(),
    }  # fmt: skip
    known = Comparison.objects.filter(**key).first()
    if known is not None:
        return known
    compared = list(_compared(ours, parsed.lines, mapping, told))
    last = Comparison.objects.aggregate(last=Max("id"))["last"] or 0
    made = Comparison.objects.create(
        **key, number=f"P{last + 1:05d}", system=mapping.system, mapping=mapping.as_json(), totals=_totals(compared),
        deed=deed,
    )  # fmt: skip
    _store(made, compared)
    tell(deed, "parallel.bills_compared", comparison=made.pk, **{k: made.totals[k] for k in _OUTCOMES})
    return made


_OUTCOMES = ("equal", "explained", "unexplained")
_Row = tuple[str, OurBill | None, Outcome]


def _whole(parsed: ParsedBills, file_name: str) -> ParsedBills:
    if parsed.problems:
        first, others = parsed.problems[0], len(parsed.problems) - 1
        more = f" ({others} more)" if others else ""
        raise CannotCompare(
            f"{file_name}, line {first.line}, {first.field}: found {first.found!r}, expected {first.expected}{more}"
        )
    if not parsed.lines:
        raise CannotCompare(f"{file_name}: found no line of a bill, expected at least one")
    return parsed


def _days(parsed: ParsedBills, file_name: str) -> Days:
    starts = [line.starts for line in parsed.lines if line.starts is not None]
    ends = [line.ends for line in parsed.lines if line.ends is not None]
    if not starts or not ends:
        raise CannotCompare(
            f"{file_name}: found no days of service (from, to); expected them, or the run to compare with"
        )
    mine: dict[str, tuple[date, date]] = {}
    for line in parsed.lines:
        if line.starts is not None and line.ends is not None:
            first, last = mine.get(line.account, (line.starts, line.ends))
            mine[line.account] = min(first, line.starts), max(last, line.ends)
    return Days(min(starts), max(ends), mine)


def _kept(deed: Deed, parsed: ParsedBills, file_name: str, content: bytes) -> ImportBatch:
    """The file on record, once."""
    digest = hashlib.sha256(content).hexdigest()
    known = ImportBatch.objects.filter(kind="bills", sha256=digest).first()
    if known is not None:
        return known
    source = ImportBatch.objects.create(
        kind="bills", format="meterbook-bills", file_name=file_name, sha256=digest, rows=parsed.rows,
        loaded=parsed.rows, rejected=0, deed=deed,
    )  # fmt: skip
    keep_file(deed, subject=f"importbatch:{source.pk}", file_name=file_name, content_type="text/csv", content=content)
    return source


def _compared(ours: list[OurBill], lines: list[BillLine], mapping: Mapping, told: Told) -> Iterator[_Row]:
    """Every account of either side, by number."""
    mine = {bill.account: bill for bill in ours}
    theirs = {
        account: list(members)
        for account, members in groupby(
            sorted(lines, key=lambda line: (line.account, line.line)), lambda line: line.account
        )
    }
    accounts = sorted({*mine, *theirs})
    for at, account in enumerate(accounts, start=1):
        bill = mine.get(account)
        yield account, bill, compare_account(bill, theirs.get(account, []), mapping)
        if at % 500 == 0 or at == len(accounts):
            told(at, len(accounts))


def _totals(compared: list[_Row]) -> dict[str, Any]:
    """Bills and cents by outcome, and how often each kind of cause was found."""
    found: dict[str, Any] = {outcome: sum(row[2].outcome == outcome for row in compared) for outcome in _OUTCOMES}
    causes: Counter[str] = Counter()
    for _, _, one in compared:
        causes.update({cause["kind"] for part in one.parts for cause in part["causes"]})
    difference = {
        outcome: sum(
            (one.ours_cents or 0) - (one.theirs_cents or 0) for _, _, one in compared if one.outcome == outcome
        )
        for outcome in _OUTCOMES
    }
    return found | {
        "only_ours": sum(one.theirs_cents is None for _, _, one in compared),
        "only_theirs": sum(one.ours_cents is None for _, _, one in compared),
        "ours_cents": sum(one.ours_cents or 0 for _, _, one in compared),
        "theirs_cents": sum(one.theirs_cents or 0 for _, _, one in compared),
        "difference_cents": difference,
        "causes": dict(sorted(causes.items())),
        "lines": _lines(compared),
    }


def _lines(compared: list[_Row]) -> dict[str, int]:
    groups = [(part["outcome"], group) for _, _, one in compared for part in one.parts for group in part["groups"]]
    equal = sum(group["ours_cents"] == group["theirs_cents"] for _, group in groups)
    explained = sum(o == "explained" and g["ours_cents"] != g["theirs_cents"] for o, g in groups)
    return {"equal": equal, "explained": explained, "unexplained": len(groups) - equal - explained}


def _store(made: Comparison, compared: list[_Row]) -> None:
    numbers = [account for account, bill, _ in compared if bill is None]
    known = dict(Account.objects.filter(number__in=numbers).values_list("number", "id"))
    ComparedBill.objects.bulk_create(
        (
            ComparedBill(
                comparison=made, account_number=account, account_id=bill.account_id if bill else known.get(account),
                bill_id=bill.id if bill else None, outcome=one.outcome, ours_cents=one.ours_cents,
                theirs_cents=one.theirs_cents, parts=one.parts,
            )
            for account, bill, one in compared
        ),
        batch_size=_BATCH,
    )  # fmt: skip


@operation("parallel.sign_off", roles={SUPERVISOR, FINANCE})
def sign_off(deed: Deed, *, comparison: Comparison, note: str) -> SignOff:
    """Sign a comparison; raises `OwnComparison`, `AlreadySigned`, and `NoteNeeded` where anything is unexplained."""
    locked = Comparison.objects.select_for_update().select_related("deed").get(pk=comparison.pk)
    if locked.deed.actor_id == deed.actor_id:
        raise OwnComparison(f"comparison {locked.number} was made by {deed.actor.username}; somebody else signs it")
    if SignOff.objects.filter(comparison=locked).exists():
        raise AlreadySigned(f"comparison {locked.number} is signed")
    if locked.totals["unexplained"] and len(note.strip()) < 10:
        raise NoteNeeded(f"{locked.totals['unexplained']} bills are unexplained: say what is accepted and why")
    made = SignOff.objects.create(comparison=locked, note=note.strip(), deed=deed)
    tell(deed, "parallel.comparison_signed", comparison=locked.pk, unexplained=locked.totals["unexplained"])
    return made
