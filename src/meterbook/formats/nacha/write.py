"""A file as bytes, held to every rule before it leaves: what breaks one is refused, not sent."""

from __future__ import annotations

from collections.abc import Iterator

from meterbook.formats.nacha import codes, shapes
from meterbook.formats.nacha.parse import examine
from meterbook.formats.nacha.rules import Finding
from meterbook.formats.nacha.values import AchFile, Batch, Entry

_BLOCK = 10  # records
_CLASSES_WRITTEN = frozenset(codes.ENTRY_CLASSES)


class RefusedToWrite(ValueError):
    """The file breaks rules: `findings` names each; lines are those the file would have had."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings
        super().__init__("; ".join(str(each) for each in findings[:3]))


def write(file: AchFile) -> bytes:
    """`file` as records of 94 characters with LF, padded with 9s to blocks of ten; addenda, counts, totals, hashes
    and block counts are computed. Entries keep their trace numbers.

    Raises `RefusedToWrite` naming each rule broken, `ValueError` for a text longer than its columns. Classes written:
    PPD, CCD, WEB, TEL, CTX, and COR (a bank's notifications, for tests and demonstrations).

    >>> file = AchFile("121042882", "1234567890", "BANK", "CITY", None, None, "A", ())
    >>> try: write(file)
    ... except RefusedToWrite as refused: print(refused.findings[0])
    written, line 0, created on: found nothing, expected the day it is made
    """
    findings = list(_written(file))
    lines = _records(file)
    lines += ["9" * shapes.WIDTH] * (-len(lines) % _BLOCK)
    data = ("\n".join(lines) + "\n").encode("utf-8")
    findings += examine(data)
    if findings:
        raise RefusedToWrite(findings)
    return data


def _written(file: AchFile) -> Iterator[Finding]:
    """What the network asks of an originator, beyond what a reader can see."""
    if file.created_on is None:
        yield Finding("written", 0, "created on", "", "the day it is made")
    if not file.origin_name.strip() and file.batches:
        yield Finding("written", 0, "origin name", "", "the name of who sends it")
    traces: set[str] = set()
    for batch in file.batches:
        where = f"batch {batch.number}"
        if batch.sec not in _CLASSES_WRITTEN:
            yield Finding("written", 0, where, batch.sec, "an entry class a utility writes")
        if batch.effective_on is None and not _answers(batch):
            yield Finding("written", 0, f"{where}, effective on", "", "the day it shall settle")
        for entry in batch.entries:
            yield from _entry_written(batch, entry, where)
            if entry.trace in traces:
                yield Finding("written", 0, f"{where}, trace", entry.trace, "a trace number used once in the file")
            traces.add(entry.trace)


def _entry_written(batch: Batch, entry: Entry, where: str) -> Iterator[Finding]:
    if not entry.name.strip():
        yield Finding("written", 0, f"{where}, name", "", "the receiver's name")
    if (
        batch.sec == "WEB"
        and entry.direction == "debit"
        and entry.discretionary not in ("R", "S")
        and not entry.returned
    ):
        yield Finding("written", 0, f"{where}, payment type", entry.discretionary, "R or S in class WEB")
    if entry.account_type is None:
        yield Finding("written", 0, f"{where}, transaction code", str(entry.transaction_code), "checking or savings")
    if batch.sec in ("CCD", "CTX") and codes.is_zero_dollar(entry.transaction_code) and not entry.addenda:
        yield Finding("written", 0, f"{where}, addenda", "none", "remittance data on an entry without money")


def _answers(batch: Batch) -> bool:
    return any(each.returned is not None or each.change is not None for each in batch.entries)


def _records(file: AchFile) -> list[str]:
    """Everything but the padding."""
    lines = [_file_header(file)]
    for batch in file.batches:
        lines += _batch(batch)
    records = len(lines) + 1
    lines.append(
        shapes.FILE_CONTROL.put(
            {
                "batch_count": len(file.batches), "block_count": -(-records // _BLOCK),
                "count": sum(each.records for each in file.batches),
                "entry_hash": sum(each.entry_hash for each in file.batches) % 10**10,
                "debit": file.debit_cents, "credit": file.credit_cents,
            }
        )
    )  # fmt: skip
    return lines


def _file_header(file: AchFile) -> str:
    """Routing numbers stand after a blank; a ten-character origin takes all its columns."""
    return shapes.FILE_HEADER.put(
        {
            "priority": "01", "destination": file.destination.rjust(10), "origin": file.origin.rjust(10),
            "created_on": "" if file.created_on is None else file.created_on.strftime("%y%m%d"),
            "created_at": "" if file.created_at is None else file.created_at.strftime("%H%M"),
            "id_modifier": file.id_modifier, "record_size": "094", "blocking_factor": "10", "format_code": "1",
            "destination_name": file.destination_name, "origin_name": file.origin_name, "reference": file.reference,
        }
    )  # fmt: skip


def _batch(batch: Batch) -> list[str]:
    both: dict[str, str | int] = {
        "service_class": batch.service_class, "company_id": batch.company_id, "odfi": batch.odfi,
        "batch_number": batch.number,
    }  # fmt: skip
    header = shapes.BATCH_HEADER.put(
        both | {
            "company_name": batch.company_name, "company_discretionary": batch.company_discretionary,
            "sec": batch.sec, "description": batch.description, "descriptive_date": batch.descriptive_date,
            "effective_on": "" if batch.effective_on is None else batch.effective_on.strftime("%y%m%d"),
            "settlement_day": "" if batch.settlement_day is None else f"{batch.settlement_day:03}",
            "originator_status": batch.originator_status,
        }
    )  # fmt: skip
    control = shapes.BATCH_CONTROL.put(
        both | {
            "count": batch.records, "entry_hash": batch.entry_hash, "debit": batch.debit_cents,
            "credit": batch.credit_cents,
        }
    )  # fmt: skip
    return [header, *(line for each in batch.entries for line in _entry(batch, each)), control]


def _entry(batch: Batch, entry: Entry) -> Iterator[str]:
    values: dict[str, str | int] = {
        "transaction_code": entry.transaction_code, "rdfi": entry.routing[:8], "check_digit": entry.routing[8:],
        "account": entry.account, "amount": entry.amount_cents, "identification": entry.identification,
        "name": entry.name, "discretionary": entry.discretionary, "indicator": "1" if entry.records > 1 else "0",
        "trace": entry.trace,
    }  # fmt: skip
    shape = shapes.ENTRY
    if batch.sec == "CTX":
        shape, values = shapes.CTX_ENTRY, values | {"addenda_count": entry.records - 1}
    yield shape.put(values)
    for number, each in enumerate(entry.addenda, start=1):
        yield shapes.ADDENDA.put(
            {"type_code": each.type_code, "text": each.text, "sequence": f"{each.sequence or number:04}",
             "entry_sequence": entry.trace[-7:]}
        )  # fmt: skip
    if entry.returned is not None:
        died = entry.returned.date_of_death
        yield shapes.RETURN.put(
            {
                "type_code": "99", "code": entry.returned.code, "original_trace": entry.returned.original_trace,
                "date_of_death": "" if died is None else died.strftime("%y%m%d"),
                "original_rdfi": entry.returned.original_rdfi, "information": entry.returned.information,
                "trace": entry.returned.trace or entry.trace,
            }
        )  # fmt: skip
    if entry.change is not None:
        yield shapes.CHANGE.put(
            {
                "type_code": "98", "code": entry.change.code, "original_trace": entry.change.original_trace,
                "original_rdfi": entry.change.original_rdfi, "corrected": entry.change.corrected_data,
                "trace": entry.change.trace or entry.trace,
            }
        )  # fmt: skip
