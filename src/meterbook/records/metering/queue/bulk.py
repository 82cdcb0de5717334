"""One decision on many items: shown first, exactly as it would be done, then done exactly as it was shown.

The preview does everything and takes it back, so that nothing about it is a guess. Its token is the fingerprint of
what came out; doing it computes the same again, and anything else takes everything back.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction

from meterbook.engine.trace import Step
from meterbook.records.metering.models import Read, ReadException, Register, Usage
from meterbook.records.metering.queue.deciding import plain
from meterbook.records.metering.queue.estimating import Offer, chosen_for
from meterbook.records.metering.queue.operations.accept import accept_read
from meterbook.records.metering.queue.operations.change import estimate_read
from meterbook.records.metering.queue.operations.own import assign_exception, release_exception, take_exception
from meterbook.records.metering.queue.refusals import CannotDecide, PreviewChanged
from meterbook.records.platform.deeds import Act
from meterbook.records.platform.models import User

#: More at a time would be looked through by nobody.
MOST = 200

Usages = tuple[tuple[str, str, int, bool], ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one item: its read before and after, the usage periods that change, or why nothing does.

    Values are plain decimals as text; a usage is first day, end, millionths and whether it is estimated.
    """

    item: int
    serial: str
    channel: str
    unit: str
    on: str
    before: str
    after: str
    origin: str
    usage_before: Usages
    usage_after: Usages
    refusal: Step | None = None

    @property
    def fingerprint(self) -> list[object]:
        """Everything about it, as plain values."""
        told = {name: value for name, value in asdict(self).items() if name != "refusal"}
        return [told, self.refusal.words(str) if self.refusal else ""]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a decision on many comes to, item by item, and the token that stands for exactly this."""

    outcomes: list[Outcome]
    token: str

    @property
    def done(self) -> list[Outcome]:
        """The items that are decided."""
        return [each for each in self.outcomes if not each.refusal]

    @property
    def refused(self) -> list[Outcome]:
        """The items that stay as they are, each with why."""
        return [each for each in self.outcomes if each.refusal]


@dataclass(frozen=True, slots=True)
class Decision:
    """What is decided on each: accept, estimate (by ``method``, or the city's order), assign (to ``owner``),
    take or release."""

    kind: str
    method: str = ""
    owner: User | None = None

    def do(self, act: Act, item: ReadException, offer: Offer | None = None) -> None:
        """Do it to one item, as a deed of its own. Raises its refusals."""
        _DEEDS[self.kind](self, act, item, offer)


_DEEDS: dict[str, Callable[[Decision, Act, ReadException, Offer | None], Any]] = {
    "accept": lambda decision, act, item, offer: accept_read(act, item=item),
    "estimate": lambda decision, act, item, offer: estimate_read(act, item=item, method=decision.method, offer=offer),
    "assign": lambda decision, act, item, offer: assign_exception(act, item=item, owner=decision.owner or act.actor),
    "take": lambda decision, act, item, offer: take_exception(act, item=item),
    "release": lambda decision, act, item, offer: release_exception(act, item=item),
}
KINDS = tuple(_DEEDS)


def preview_many(act: Act, decision: Decision, items: Sequence[int]) -> Preview:
    """What deciding so on these items would come to; nothing is changed."""
    with transaction.atomic():
        found = _decided(act, decision, items)
        transaction.set_rollback(True)
    return found


def decide_many(act: Act, decision: Decision, items: Sequence[int], *, token: str) -> Preview:
    """Decide on these items, each a deed of its own, all or nothing.

    Raises `PreviewChanged` where the outcome is not the one ``token`` stands for.
    """
    with transaction.atomic():
        found = _decided(act, decision, items)
        if found.token != token:
            raise PreviewChanged
    return found


def _decided(act: Act, decision: Decision, items: Sequence[int]) -> Preview:
    """Decide on each item in the order of its register and day; one that is refused stays as it was."""
    rows = ReadException.objects.filter(pk__in=list(items)[:MOST]).select_related("register__meter", "read")
    found = list(rows.order_by("register", "on", "pk"))
    registers = [item.register_id for item in found if item.register_id is not None]
    list(Register.objects.select_for_update().filter(pk__in=registers).order_by("pk"))
    offers = _offers(act, decision, found) if decision.kind == "estimate" else {}
    outcomes = [_outcome(act, decision, item, offers.get(item.pk)) for item in found]
    said = json.dumps([decision.kind, decision.method, decision.owner and decision.owner.pk,
                       [each.fingerprint for each in outcomes]], sort_keys=True)  # fmt: skip
    return Preview(outcomes, hashlib.sha256(said.encode()).hexdigest())


def _offers(act: Act, decision: Decision, items: list[ReadException]) -> dict[int, Offer]:
    """The estimates of all items at once; a register's second item is left out, for it goes on from the first."""
    firsts: dict[int | None, ReadException] = {}
    for item in items:
        if item.state != ReadException.RESOLVED:
            firsts.setdefault(item.register_id, item)
    return chosen_for(list(firsts.values()), act.business_date, decision.method)


def _outcome(act: Act, decision: Decision, item: ReadException, offer: Offer | None) -> Outcome:
    before, origin = _usages(item), ""
    refusal: Step | None = None
    try:
        with transaction.atomic():
            decision.do(act, item, offer)
    except CannotDecide as refused:
        refusal = refused.step
    read = _in_force(item)
    if read is not None and not refusal:
        origin = read.origin
    return Outcome(
        item=item.pk,
        serial=item.register.meter.serial if item.register else "",
        channel=item.register.channel if item.register else "",
        unit=item.unit,
        on=item.on.isoformat(),
        before=f"{plain(item.read.value):f}" if item.read else "",
        after=f"{plain(read.value):f}" if read is not None and not refusal else "",
        origin=origin,
        usage_before=before,
        usage_after=_usages(item),
        refusal=refusal,
    )


def _in_force(item: ReadException) -> Read | None:
    """The read accepted for the item's day, if there is one."""
    rows = Read.objects.filter(register=item.register_id, read_on=item.on, superseded=False, status=Read.ACCEPTED)
    return rows.first()


def _usages(item: ReadException) -> Usages:
    """The register's usage periods that touch the item's day or follow it."""
    rows = Usage.objects.filter(register=item.register_id, superseded=False, ends__gte=item.on).order_by("ends")
    return tuple((row.starts.isoformat(), row.ends.isoformat(), row.quantity_e6, row.estimated) for row in rows[:4])
