"""An ACH file as a value, or the reason why not; and everything that is wrong with it, rule by rule."""

from __future__ import annotations

import datetime as dt

from meterbook.formats.contract import Verdict, WrongFormat
from meterbook.formats.judge import counted
from meterbook.formats.nacha import codes, shapes
from meterbook.formats.nacha.corrections import read_correction
from meterbook.formats.nacha.reasons import CHANGE_REASONS
from meterbook.formats.nacha.records import BatchRecords, EntryRecords, FileRecords, Record, arrange
from meterbook.formats.nacha.rules import RULES, Finding, balance, single
from meterbook.formats.nacha.values import AchFile, Addenda, Batch, Change, Entry, Return


def parse(data: bytes) -> AchFile:
    """The file of `data`: entries, returns (`file.returns`), notifications of change (`file.changes`), dates.

    Lenient where nothing is lost: short lines, missing padding, any line end, one line for all records, a bank's
    file without entries; what is merely irregular (`rules.TOLERATED`) is listed in `findings`. Raises `WrongFormat`,
    naming the rule, when a record is missing or out of place, a number unreadable, a code unknown, or a count, total
    or hash does not add up: then nothing may be loaded.

    >>> parse(b"101 121042882")
    Traceback (most recent call last):
    meterbook.formats.contract.WrongFormat: line 1, record type: file-control: one file control, and nothing but \
padding after it; found none, expected a file control (9)
    """
    records, findings = _examined(data)
    for each in findings:
        if not each.tolerated:
            raise WrongFormat(
                f"{each.rule}: {RULES[each.rule]}",
                line=each.line, field=each.field, found=each.found.strip(), expected=each.expected,
            )  # fmt: skip
    return _file(records, tuple(findings))


def examine(data: bytes) -> list[Finding]:
    """Every rule the file breaks, in the order of its lines. Raises `WrongFormat` only for an empty file."""
    return _examined(data)[1]


def verdict(file: AchFile) -> Verdict:
    """What `./meterbook formats check` says of a file that could be read."""
    if file.findings:
        more = len(file.findings) - 1
        return Verdict(False, f"{file.findings[0]}" + (f" (and {more} more)" if more else ""))
    parts = [counted(len(file.batches), "batch").replace("batchs", "batches"),
             counted(len(file), "entry").replace("entrys", "entries")]  # fmt: skip
    parts += [f"debits {_dollars(file.debit_cents)}", f"credits {_dollars(file.credit_cents)}"]
    parts += [f"{len(file.returns)} returned"] if file.returns else []
    parts += [f"{len(file.changes)} notifications of change"] if file.changes else []
    other = sorted({batch.sec for batch in file.batches} & codes.OTHER_CLASSES)
    if other:
        parts.append(f"{', '.join(other)}: structure, addenda and totals checked, rules of its own not")
    return Verdict(True, ", ".join(parts))


def _dollars(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"


def _examined(data: bytes) -> tuple[FileRecords, list[Finding]]:
    records = arrange(data)
    findings = list(records.findings)
    if records.header is not None:
        findings += single.of_file_header(records.header)
    for batch in records.batches:
        findings += single.of_batch_header(batch)
        for group in batch.entries:
            findings += single.of_entry(batch, group)
            for each in group.addenda:
                findings += [*single.of_addenda(each), *_corrected(each)]
        findings += balance.of_batch(batch)
        if batch.control is not None:
            findings += single.of_control(batch.control)
    if records.control is not None:
        findings += single.of_control(records.control)
    findings += balance.of_file(records)
    return records, sorted(findings, key=lambda each: each.line)


def _corrected(record: Record) -> list[Finding]:
    """A change whose corrected data cannot be used."""
    if record.shape is not shapes.CHANGE or record.fields["code"] not in CHANGE_REASONS:
        return []
    _, problem = read_correction(record.fields["code"], record.fields["corrected"])
    return [record.finding("corrected-data", "corrected", problem)] if problem else []


def _file(records: FileRecords, findings: tuple[Finding, ...]) -> AchFile:
    assert records.header is not None  # a file without one was refused
    fields = {name: text.strip() for name, text in records.header.fields.items()}
    return AchFile(
        destination=single.ten_to_nine(fields["destination"]), origin=fields["origin"],
        destination_name=fields["destination_name"], origin_name=fields["origin_name"],
        created_on=single.day_of(fields["created_on"]), created_at=_time_of(fields["created_at"]),
        id_modifier=fields["id_modifier"], batches=tuple(_batch(each) for each in records.batches),
        reference=fields["reference"], findings=findings,
    )  # fmt: skip


def _time_of(text: str) -> dt.time | None:
    try:
        return dt.time(int(text[:2]), int(text[2:])) if len(text) == 4 else None
    except ValueError:
        return None


def _batch(group: BatchRecords) -> Batch:
    header = group.header
    fields = {name: text.strip() for name, text in header.fields.items()}
    settled = fields["settlement_day"]
    return Batch(
        service_class=header.number("service_class"), company_name=fields["company_name"],
        company_id=fields["company_id"], sec=fields["sec"], description=fields["description"],
        effective_on=single.day_of(fields["effective_on"]), odfi=fields["odfi"], number=header.number("batch_number"),
        entries=tuple(_entry(each) for each in group.entries),
        company_discretionary=fields.get("company_discretionary", ""), descriptive_date=fields["descriptive_date"],
        settlement_day=int(settled) if settled.isdigit() and 1 <= int(settled) <= 366 else None,
        originator_status=fields["originator_status"], line=header.line,
    )  # fmt: skip


def _entry(group: EntryRecords) -> Entry:
    fields = {name: text.strip() for name, text in group.entry.fields.items()}
    returned = change = None
    addenda: list[Addenda] = []
    for each in group.addenda:
        if each.shape is shapes.RETURN:
            returned = _return(each)
        elif each.shape is shapes.CHANGE:
            change = _change(each)
        else:
            text, kind = each.fields["text"].rstrip(), each.fields["type_code"]
            addenda.append(Addenda(text, kind, each.number("sequence") if kind == "05" else 0, each.line))
    return Entry(
        transaction_code=group.entry.number("transaction_code"), routing=fields["rdfi"] + fields["check_digit"],
        account=fields["account"], amount_cents=group.entry.number("amount"),
        identification=fields.get("identification", ""), name=fields.get("name", ""),
        discretionary=fields["discretionary"], addenda=tuple(addenda), trace=fields.get("trace", ""),
        returned=returned, change=change, line=group.entry.line,
    )  # fmt: skip


def _return(record: Record) -> Return:
    fields = {name: text.strip() for name, text in record.fields.items()}
    return Return(
        code=fields["code"], original_trace=fields["original_trace"], original_rdfi=fields["original_rdfi"],
        information=fields["information"], date_of_death=single.day_of(fields["date_of_death"]), trace=fields["trace"],
        line=record.line,
    )  # fmt: skip


def _change(record: Record) -> Change:
    fields = {name: text.strip() for name, text in record.fields.items()}
    correction, problem = read_correction(fields["code"], record.fields["corrected"])
    return Change(
        code=fields["code"], original_trace=fields["original_trace"], original_rdfi=fields["original_rdfi"],
        corrected_data=record.fields["corrected"].rstrip(), correction=correction, problem=problem,
        trace=fields["trace"], line=record.line,
    )  # fmt: skip
