"""Reading locate tickets: JSON (a ticket, a list, or an object with tickets), the text of an e-mail, CSV."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from meterbook.formats.contract import Problem, WrongFormat, csv_rows, shortened, utf8_text
from meterbook.formats.locates.values import FIELDS, NEEDED, LocateTicket, ParsedLocates, ticket_of

_LONGEST_RAW = 20_000
#: The labels of the text form, each with its field; `Old Tkt`, `Oper` and the rest are passed over.
LABELS = {
    "ticket": "ticket", "rev": "revision", "type": "type", "priority": "priority", "called": "called",
    "work date": "work_date", "tkt exp": "expires", "state": "state", "county": "county", "place": "place",
    "address": "st_from_address", "street": "street", "x/st 1": "cross1", "locat": "location", "lat": "latitude",
    "long": "longitude", "work": "work_type", "done for": "done_for", "company": "company", "caller": "caller",
    "phone": "phone", "email": "email", "boring": "boring", "explosives": "explosives", "delineated": "delineated",
    "mbrs": "members", "comments": "comments",
}  # fmt: skip
_LABEL = re.compile(r"^\s*([A-Za-z][A-Za-z/ 0-9]{1,11}?)\s*:(.*)$")
_END = "#END"


def parse_json(data: bytes) -> ParsedLocates:
    """One ticket, a list of tickets, or `{"tickets": [...]}`. Raises `WrongFormat` for anything else."""
    text = utf8_text(data)
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise WrongFormat(
            "not JSON", line=getattr(error, "lineno", 0), field="file", found=text[:60], expected="a ticket as JSON"
        ) from error
    if isinstance(found, dict) and isinstance(found.get("tickets"), list):
        found = found["tickets"]
    several = found if isinstance(found, list) else [found]
    if not several or not all(isinstance(each, dict) for each in several):
        raise WrongFormat(
            "no tickets", line=1, field="file", found=text[:60], expected="a ticket, or a list of tickets"
        )
    if not any(set(each) & set(NEEDED) for each in several):
        raise WrongFormat("no locate ticket", line=1, field="file", found=text[:60], expected="fields such as ticket")
    return _together(
        (at, {str(name): _plain(value) for name, value in each.items()}, json.dumps(each, ensure_ascii=False))
        for at, each in enumerate(several, 1)
    )


def parse_text(data: bytes) -> ParsedLocates:
    """The text of one or several tickets: lines `Label : value`, each ticket closed by a line `#END`."""
    blocks = list(_blocks(utf8_text(data)))
    return _together((line, _labelled(lines), "\n".join(lines)) for line, lines in blocks)


def parse_csv(data: bytes) -> ParsedLocates:
    """A heading line of field names in any order, one ticket a row."""
    rows = csv_rows(utf8_text(data))
    line, heading, raw = next(rows)
    names = [each.strip().lower() for each in heading]
    missing = [name for name in NEEDED if name not in names]
    if missing or len(set(names)) != len(names):
        raise WrongFormat(
            "not the headings of locate tickets", line=line, field="heading", found=raw, expected=", ".join(FIELDS)
        )
    return _together(_named(names, rows))


def _named(names: list[str], rows: Iterable[tuple[int, list[str], str]]) -> Iterator[tuple[int, dict[str, str], str]]:
    for line, cells, raw in rows:
        if len(cells) != len(names):
            raise WrongFormat(
                "a row has another number of cells", line=line, field="row", found=str(len(cells)),
                expected=f"{len(names)} cells",
            )  # fmt: skip
        yield line, dict(zip(names, cells, strict=True)), raw


def _together(rows: Iterable[tuple[int, Mapping[str, str], str]]) -> ParsedLocates:
    tickets: list[LocateTicket] = []
    problems: list[Problem] = []
    count = 0
    for line, found, raw in rows:
        count += 1
        made, wrong = ticket_of(line, found, raw=raw[:_LONGEST_RAW])
        problems += wrong
        tickets += [made] if made else []
    if not count:
        raise WrongFormat("no tickets", line=0, field="file", found="", expected="at least one ticket")
    return ParsedLocates(tickets, problems, count)


def _blocks(text: str) -> Iterator[tuple[int, list[str]]]:
    lines: list[str] = []
    first, number = 1, 0
    for number, each in enumerate(text.splitlines(), 1):
        if each.strip() == _END:
            if not any(line.strip() for line in lines):
                raise WrongFormat("an empty ticket", line=number, field="ticket", found=_END, expected="a ticket above")
            yield first, lines
            lines, first = [], number + 1
        else:
            lines.append(each)
    if any(line.strip() for line in lines):
        raise WrongFormat(
            "the last ticket is cut off", line=number, field="end", found=shortened(lines[-1], 60), expected=_END
        )


def _labelled(lines: list[str]) -> dict[str, str]:
    """Fields by their labels; a line without a label goes on with the field above, as long directions do."""
    found: dict[str, str] = {}
    name = ""
    for each in lines:
        label = _LABEL.match(each)
        field = LABELS.get(" ".join(label[1].lower().split())) if label else None
        if label and field:
            name = field
            found[name] = label[2].strip()
        elif label and not each.startswith((" ", "\t")):
            name = ""
        elif name and each.strip():
            found[name] = f"{found[name]} {each.strip()}"
    return found


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(_plain(each) for each in value)
    if isinstance(value, bool):
        return "Y" if value else "N"
    return "" if value is None or isinstance(value, dict) else str(value)[:5000]
