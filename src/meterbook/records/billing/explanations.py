"""Where a posted amount comes from: the sealed inputs of its segment, explained by the tariff that priced it.

The explanation is computed anew each time it is asked for, from the bill's own stored inputs and released document,
and says whether it still agrees with the stored line.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import formats
from django.utils.translation import gettext, override

from meterbook.engine.metering.explain import explain_usage
from meterbook.engine.money import dollars
from meterbook.engine.quantity import unscaled
from meterbook.engine.rates.changing.told import changes_of
from meterbook.engine.rates.explain import ExplainedLine, explain
from meterbook.engine.rates.terms import Change
from meterbook.engine.trace import N_, Step, Value
from meterbook.records.billing.bill_lines import unit_of
from meterbook.records.billing.models import Bill, Line, Segment
from meterbook.records.metering.models import Read
from meterbook.records.rates.queries import tariff_of


class NoSuchLine(LookupError):
    """There is no line with that place on the bill."""


@dataclass(frozen=True, slots=True)
class WhyLine:
    """One line of a bill with everything it rests on.

    ``quantity`` in ``unit``, ``price`` in dollars, ``amount_cents`` as stored on the bill; ``agrees`` says whether
    explaining it now gives the same amount. ``reads`` are the register reads under the segment's usage.
    """

    segment_id: int
    seq: int
    component: str
    part: int
    label: str
    service: str
    schedule: str
    version: str
    starts: date
    ends: date
    quantity: Decimal
    unit: str
    price: Decimal
    amount_cents: int
    revenue: str
    sentences: list[str]
    source: dict[str, str]
    document: str
    code: str
    agrees: bool
    reads: list[dict[str, Any]]
    takes_back: TakenBack | None = None


@dataclass(frozen=True, slots=True)
class TakenBack:
    """The line of an earlier bill that a line takes back: its place, and the number of that bill."""

    bill_id: int
    bill: str
    segment_id: int
    seq: int


def explain_bill(bill_id: int, language: str = "en") -> list[WhyLine]:
    """Every line of a bill, in print order, explained in ``language``."""
    bill = Bill.objects.get(pk=bill_id)
    segments = (
        Segment.objects.filter(run_id=bill.run_id, bill_id=bill_id)
        .select_related("schedule", "document")
        .order_by("id")
    )
    return [line for segment in segments for line in explain_segment(segment, language)]


def explain_line(bill_id: int, segment_id: int, seq: int, language: str = "en") -> WhyLine:
    """One line by its place on the bill; raises `NoSuchLine`."""
    for line in explain_bill(bill_id, language):
        if (line.segment_id, line.seq) == (segment_id, seq):
            return line
    raise NoSuchLine(f"bill {bill_id} has no line {seq} in segment {segment_id}")


def find_line(line_id: int) -> tuple[int, int, int]:
    """The bill, segment and place of a line by its id; raises `NoSuchLine`."""
    line = Line.objects.filter(id=line_id).first()
    if line is None:
        raise NoSuchLine(f"there is no line {line_id}")
    segment = Segment.objects.get(run_id=line.run_id, id=line.segment_id)
    return segment.bill_id, segment.id, line.seq


def told_of(segment: Segment) -> dict[str, Decimal | str]:
    """The sealed determinants of a segment as the engine's values: the facts of its last day."""
    sealed = segment.inputs["determinants"]
    return {k: unscaled(v) if isinstance(v, int) else v for k, v in sealed.items() if v is not None}


def changes_in(segment: Segment) -> tuple[Change, ...]:
    """What differed inside a segment before its last day, as it was sealed; empty where nothing did."""
    return changes_of(segment.inputs.get("changes"))


def explain_segment(segment: Segment, language: str) -> list[WhyLine]:
    """The lines of one agreement's part of a bill."""
    tariff = tariff_of(segment.document)
    told, changes = told_of(segment), changes_in(segment)
    explained = explain(tariff, starts=segment.starts, ends=segment.ends, determinants=told, changes=changes)
    by_key = {(e.component, e.part, e.version, e.starts): e for e in explained.lines}
    reads = reads_of(segment, language)
    used = {name: _usage_sentences(segment, name, language) for name in ("usage", "export")}
    origin = _origin(segment)
    made = []
    for line in Line.objects.filter(run_id=segment.run_id, segment_id=segment.id).order_by("seq"):
        found = by_key.get((line.component, line.part, line.version, line.starts))
        back = TakenBack(*origin, line.seq) if origin else None
        made.append(_why(segment, line, found, reads=reads, used=used, language=language, takes_back=back))
    return made


def _origin(segment: Segment) -> tuple[int, str, int] | None:
    """The bill (id, number) and segment that a reversal takes back: its lines stand in the same order, negated."""
    if segment.reverses_id is None or segment.reverses_run_id is None:
        return None
    first = Segment.objects.select_related("bill").get(run_id=segment.reverses_run_id, id=segment.reverses_id)
    return first.bill_id, first.bill.number, first.id


def _why(
    segment: Segment,
    line: Line,
    found: ExplainedLine | None,
    *,
    reads: list[dict[str, Any]],
    used: dict[str, list[str]],
    language: str,
    takes_back: TakenBack | None = None,
) -> WhyLine:
    version = tariff_of(segment.document)
    component = next(
        c for v in version.versions if v.version == line.version for c in v.components if c.id == line.component
    )
    needs = {determinant.name for determinant in component.determinants()}
    sentences = [s for name in ("usage", "export") if name in needs for s in used[name]]
    sentences += words(found.steps(), language) if found is not None else []
    return WhyLine(
        segment_id=segment.id,
        seq=line.seq,
        component=line.component,
        part=line.part,
        label=(found.label if found is not None else component.label)[language],
        service=segment.commodity,
        schedule=segment.schedule.code,
        version=line.version,
        starts=line.starts,
        ends=line.ends,
        quantity=unscaled(line.quantity_e6),
        unit=unit_of(component, tariff_of(segment.document)),
        price=Decimal(line.price_e8).scaleb(-8).normalize(),
        amount_cents=line.amount_cents,
        revenue=component.revenue,
        sentences=sentences,
        source={k: str(v) for k, v in asdict(found.source).items()} if found is not None else {},
        document=f"{segment.document.code} release {segment.document.sequence}, {segment.document.sha256[:12]}",
        code=f"meterbook/engine/rates/components/{component.keyword}",
        agrees=found is not None and found.amount_cents == line.amount_cents * (-1 if takes_back else 1),
        reads=reads if needs & {"usage", "export"} else [],
        takes_back=takes_back,
    )


def words(steps: list[Step], language: str) -> list[str]:
    """Steps as sentences: dates as the language writes them, numbers plainly."""
    with override(language):
        return [_localised(step).words(gettext) for step in steps]


def _localised(step: Step) -> Step:
    values: dict[str, Value] = {
        name: formats.date_format(value, "DATE_FORMAT") if isinstance(value, date) else value
        for name, value in step.values.items()
    }
    return Step(step.message, values)


def reads_of(segment: Segment, language: str) -> list[dict[str, Any]]:
    """The usage pieces of a segment with the file and line each read came from."""
    pieces = segment.inputs.get("pieces") or []
    ids = {piece[end] for piece in pieces for end in ("from_read", "to_read")}
    origin = {
        read.pk: (read.batch.file_name if read.batch else "", read.line)
        for read in Read.objects.filter(pk__in=ids).select_related("batch")
    }
    return [
        {
            **piece,
            "from_on": date.fromisoformat(piece["from_on"]),
            "to_on": date.fromisoformat(piece["to_on"]),
            "quantity": unscaled(piece["quantity_e6"]),
            "file": origin.get(piece["to_read"], ("", None))[0],
            "line": origin.get(piece["to_read"], ("", None))[1],
            "from_file": origin.get(piece["from_read"], ("", None))[0],
            "from_line": origin.get(piece["from_read"], ("", None))[1],
        }
        for piece in pieces
    ]


def _usage_sentences(segment: Segment, name: str, language: str) -> list[str]:
    """How the reads under a segment make its usage (or export)."""
    said = []
    for piece in segment.inputs.get("pieces") or []:
        if (piece["channel"] == "received") != (name == "export"):
            continue
        if piece.get("decided"):
            said += words([_decided(piece)], language)
            continue
        why = explain_usage(
            previous=Decimal(piece["from_value"]),
            current=Decimal(piece["to_value"]),
            dials=piece["dials"],
            multiplier=Decimal(piece["multiplier"]),
            unit=piece["unit"],
            previous_on=date.fromisoformat(piece["from_on"]),
            current_on=date.fromisoformat(piece["to_on"]),
        )
        said += words([*why.steps, *_share_steps(piece)], language)
    return said


def _share_steps(piece: dict[str, Any]) -> list[Step]:
    """That only some days of a usage piece count here, in words; none where all do."""
    share = piece.get("share")
    if not share:
        return []
    starts, ends = date.fromisoformat(share["from"]), date.fromisoformat(share["to"])
    words = N_("No read divides it, so its {all} days share it evenly: the {days} from {first} to {last} count here, "
               "{quantity} {unit}.")  # fmt: skip
    values: dict[str, Value] = {
        "all": (date.fromisoformat(piece["to_on"]) - date.fromisoformat(piece["from_on"])).days,
        "days": (ends - starts).days, "first": starts, "last": ends - timedelta(days=1),
        "quantity": f"{unscaled(piece['quantity_e6']).normalize():f}", "unit": piece["unit"],
    }  # fmt: skip
    return [Step(words, values)]


def _decided(piece: dict[str, Any]) -> Step:
    """What a person decided in place of reads."""
    return Step(
        N_("From {starts} to {ends} a usage of {quantity} {unit} was decided: {why}"),
        {
            "starts": date.fromisoformat(piece["from_on"]), "ends": date.fromisoformat(piece["to_on"]),
            "quantity": unscaled(piece["quantity_e6"]), "unit": piece["unit"], "why": piece["decided"],
        },
    )  # fmt: skip


def as_json(line: WhyLine) -> dict[str, Any]:
    """A line's explanation as plain JSON values; amounts as decimal text in dollars."""
    plain = asdict(line)
    plain["amount"] = str(dollars(line.amount_cents))
    plain["last_day"] = line.ends - timedelta(days=1)
    return plain
