"""What records must say together: order, addenda, amounts, and every total, count and hash."""

from __future__ import annotations

from collections.abc import Iterator

from meterbook.formats.nacha import codes, shapes
from meterbook.formats.nacha.records import BatchRecords, EntryRecords, FileRecords, Record
from meterbook.formats.nacha.rules import Finding

_WITHOUT_ADDENDA = frozenset(["TEL", "ARC", "BOC", "POP", "RCK", "TRC", "XCK"])
_CARD_CLASSES = frozenset(["MTE", "POS", "SHR"])
_MOST_ADDENDA = {"PPD": 1, "CCD": 1, "WEB": 1, "CIE": 1, "DNE": 1, "ACK": 1, "CTX": 9_999, "ENR": 9_999, "ATX": 9_999,
                 "TRX": 9_999}  # fmt: skip
_DEBITS_ONLY = frozenset(["TEL", "ARC", "BOC", "POP", "RCK", "TRC", "TRX", "XCK"])
_INTERNATIONAL = frozenset(["10", "11", "12", "13", "14", "15", "16"])
_OFFSET = "OFFSET"


def of_batch(batch: BatchRecords) -> Iterator[Finding]:
    """Everything that concerns a whole batch."""
    if not batch.entries:
        yield batch.header.finding("batch-entries", "record", "at least one entry", found="none")
    for group in batch.entries:
        yield from _addenda(batch, group)
        if batch.sec != "ADV":
            yield from _direction(batch, group.entry)
        if not batch.is_iat and batch.sec != "ADV":
            yield from _amount(batch, group)
            yield from _codes(batch, group)
    answered = {_answers(group) for group in batch.entries if not _is_offset(group)}
    if len(answered) > 1:
        yield batch.header.finding("batch-entries", "record", "only returns, or none", found="returns among others")
    if batch.sec != "ADV":
        yield from _traces(batch)
    if batch.control is not None:
        yield from _control(batch, batch.control)


def _answers(group: EntryRecords) -> bool:
    return any(each.shape is shapes.RETURN for each in group.addenda)


def _is_offset(group: EntryRecords) -> bool:
    return group.entry.fields.get("name", "").strip() == _OFFSET


def _kinds(group: EntryRecords) -> list[str]:
    return [each.fields["type_code"] for each in group.addenda]


def _addenda(batch: BatchRecords, group: EntryRecords) -> Iterator[Finding]:
    """Indicator, type, count and sequence."""
    entry, kinds = group.entry, _kinds(group)
    wanted = "1" if kinds else "0"
    if entry.fields["indicator"] in "01" and entry.fields["indicator"] != wanted:
        yield entry.finding("addenda-indicator", "indicator", f"{wanted}, as {len(kinds)} addenda follow")
    for record in group.addenda:
        if record.shape is shapes.ADDENDA:
            yield from _forward(batch, group, record)
    answers = [each for each in group.addenda if each.shape is not shapes.ADDENDA]
    if len(answers) > 1:
        yield answers[1].finding("addenda-count", "type_code", "one return or notification of change an entry")
    if batch.is_iat:
        missing = sorted(_INTERNATIONAL - set(kinds))
        if missing and not answers:
            yield entry.finding("addenda-count", "record", "addenda 10 to 16", found=f"without {', '.join(missing)}")
        return
    if batch.sec == "COR" and not any(each.shape is shapes.CHANGE for each in answers):
        yield entry.finding("addenda-type", "record", "addenda 98 in a notification of change", found="none")
    if batch.sec != "COR" and any(each.shape is shapes.CHANGE for each in answers):
        yield answers[0].finding("addenda-type", "type_code", f"no addenda 98 in class {batch.sec}")
    if batch.sec in _CARD_CLASSES and not answers and kinds != ["02"]:
        yield entry.finding("addenda-count", "record", f"one addenda 02 in class {batch.sec}", found=f"{kinds}")
    yield from _counted(batch, group, answered=bool(answers))


def _counted(batch: BatchRecords, group: EntryRecords, *, answered: bool) -> Iterator[Finding]:
    """No more addenda than the class allows, and as many as the entry states (a return may keep the copied count)."""
    entry, count = group.entry, len(group.addenda)
    most = _MOST_ADDENDA.get(batch.sec)
    if not answered and most is not None and count > most:
        yield entry.finding("addenda-count", "record", f"{most} in class {batch.sec}", found=f"{count} addenda")
    if entry.shape is shapes.CTX_ENTRY and not answered and entry.number("addenda_count") != count:
        yield entry.finding("addenda-count", "addenda_count", f"{count:04}, as many as follow")


def _forward(batch: BatchRecords, group: EntryRecords, record: Record) -> Iterator[Finding]:
    """Addenda of an entry on its way out: the type its class allows, in order, of this entry."""
    kind, entry = record.fields["type_code"], group.entry
    if batch.is_iat:
        if not kind.startswith("1"):
            yield record.finding("addenda-type", "type_code", "10 to 18, 98 or 99 in class IAT")
        return
    if batch.sec in _WITHOUT_ADDENDA | {"COR"} or (kind == "02") != (batch.sec in _CARD_CLASSES) or kind > "05":
        yield record.finding("addenda-type", "type_code", f"what class {batch.sec} allows")
        return
    if _answers(group) and batch.sec != "CTX":
        yield record.finding("addenda-type", "type_code", "addenda 99 alone on a return")
    if kind != "05":
        return
    before = [each for each in group.addenda if each.line < record.line and each.shape is shapes.ADDENDA]
    if before and record.number("sequence") < before[-1].number("sequence"):
        yield record.finding("addenda-sequence", "sequence", f"{before[-1].fields['sequence']} or more")
    if record.fields["entry_sequence"] != entry.fields["trace"][8:]:
        yield record.finding("addenda-sequence", "entry_sequence", f"{entry.fields['trace'][8:]}, as in the entry")


def _direction(batch: BatchRecords, entry: Record) -> Iterator[Finding]:
    """Debits and credits where service class and entry class allow them; reversals go the other way."""
    code = entry.number("transaction_code")
    service = batch.header.number("service_class")
    way = codes.direction_of(code)
    if service == codes.ADVICES:
        yield batch.header.finding("service-class", "service_class", "200, 220 or 225; 280 is for advices")
    if batch.is_iat:
        return
    if (service == codes.CREDITS and way == "debit") or (service == codes.DEBITS and way == "credit"):
        yield entry.finding("service-class", "transaction_code", f"what service class {service} allows")
    reversal = batch.header.fields["description"].startswith("REVERSAL")
    if batch.sec in _DEBITS_ONLY and way == "credit" and not reversal and not codes.is_answer_code(code):
        yield entry.finding("transaction-code", "transaction_code", f"a debit: class {batch.sec} has no credits")


def _codes(batch: BatchRecords, group: EntryRecords) -> Iterator[Finding]:
    """Notifications of change have codes of their own, and those with an answer must answer something."""
    code, entry = group.entry.number("transaction_code"), group.entry
    if code not in codes.TRANSACTION_CODES:
        return
    if batch.sec == "COR" and not codes.is_answer_code(code):
        yield entry.finding("transaction-code", "transaction_code", "21, 26, 31, 36, 41, 46, 51 or 56 in class COR")
    answered = any(each.shape is not shapes.ADDENDA for each in group.addenda)
    if codes.is_answer_code(code) and not answered and not _is_offset(group):
        yield entry.finding("addenda-type", "record", "addenda 99 with a return", found=f"code {code} without one")


def _amount(batch: BatchRecords, group: EntryRecords) -> Iterator[Finding]:
    """No money on prenotes, zero-dollar entries and notifications; money on the rest. A returned prenote has none."""
    entry = group.entry
    code, cents = entry.number("transaction_code"), entry.number("amount")
    prenote = codes.is_prenote(code) or batch.header.fields["description"].strip().upper() == "PRENOTE"
    without = prenote or codes.is_zero_dollar(code) or batch.sec in ("COR", "ACK", "ATX")
    if without and cents:
        yield entry.finding("amount", "amount", "0000000000")
    if not without and not cents and not _answers(group):
        yield entry.finding("amount", "amount", "more than 0 cents")


def _traces(batch: BatchRecords) -> Iterator[Finding]:
    """They ascend and begin with the bank the batch comes from."""
    last = ""
    for group in batch.entries:
        trace = group.entry.fields["trace"]
        if trace <= last:
            yield group.entry.finding("trace-order", "trace", f"more than {last}")
        last = trace
        if trace[:8] != batch.header.fields["odfi"]:
            yield group.entry.finding("trace-bank", "trace", f"{batch.header.fields['odfi']} and a sequence")


def totals(batch: BatchRecords) -> dict[str, int]:
    """Count, hash, debits and credits as the records themselves add up to."""
    sums = {"count": 0, "entry_hash": 0, "debit": 0, "credit": 0}
    for group in batch.entries:
        sums["count"] += 1 + len(group.addenda)
        sums["entry_hash"] += group.entry.number("rdfi")
        sums[codes.direction_of(group.entry.number("transaction_code"))] += group.entry.number("amount")
    sums["entry_hash"] %= 10**10
    return sums


def _control(batch: BatchRecords, control: Record) -> Iterator[Finding]:
    """Header and control agree, and the totals are right."""
    header = batch.header
    if header.number("service_class") != control.number("service_class"):
        yield control.finding("service-class", "service_class", f"{header.fields['service_class']}, as in the header")
    without_company = batch.sec == "ADV" or batch.is_iat
    same = ["odfi", "batch_number"] if without_company else ["company_id", "odfi", "batch_number"]
    for name in same:
        if header.fields[name].strip() != control.fields[name].strip():
            yield control.finding("same-company", name, f"{header.fields[name].strip()}, as in the batch header")
    yield from _totals(control, totals(batch))


def _totals(control: Record, sums: dict[str, int]) -> Iterator[Finding]:
    rules = {"count": "entry-count", "entry_hash": "entry-hash", "debit": "debit-total", "credit": "credit-total"}
    for name, rule in rules.items():
        if control.number(name) != sums[name]:
            width = len(control.fields[name])
            yield control.finding(rule, name, f"{sums[name]:0{width}}, as the records add up")


def of_file(file: FileRecords) -> Iterator[Finding]:
    """The file control against all batches."""
    control = file.control
    if control is None:
        return
    sums = {"count": 0, "entry_hash": 0, "debit": 0, "credit": 0}
    for batch in file.batches:
        for name, value in totals(batch).items():
            sums[name] += value
    sums["entry_hash"] %= 10**10
    if control.number("batch_count") != len(file.batches):
        yield control.finding("batch-count", "batch_count", f"{len(file.batches):06}, as many as there are")
    yield from _totals(control, sums)
    blocks = -(-file.count // 10)
    if control.number("block_count") != blocks:
        yield control.finding("block-count", "block_count", f"{blocks:06} for {file.count} records")
    if not file.batches:
        yield control.finding("no-entries", "record", "at least one batch", found="none")
