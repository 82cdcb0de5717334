"""Another MDM: its reads and exceptions in, decisions back, over HTTP and by file."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.records.metering.field.played import played
from tests.records.metering.queue.town import TODAY, Town

from meterbook.formats.contract import WrongFormat
from meterbook.formats.mdm_csv import Clearance, parse_clearances, parse_reads, write_clearances, write_reads
from meterbook.jobs.mdm import HttpMdm, MdmRefused, mdm, pull, push
from meterbook.records.metering.mdm.operations.clear import gather_clearances
from meterbook.records.metering.mdm.operations.import_mdm import import_mdm
from meterbook.records.metering.mdm.screens import all_clearances, standing
from meterbook.records.metering.models import MdmClearance, Read, ReadException
from meterbook.records.metering.queue.operations.accept import accept_read
from meterbook.records.metering.queue.operations.change import correct_read, estimate_read, reject_read
from meterbook.records.metering.queue.operations.own import question_read
from meterbook.records.platform.models import Correction

HEAD = "record,reference,meter,channel,read_date,read_time,reading,unit,quality,code,words\n"
ROWS = [
    f"read,,E-0000,,{TODAY},06:00,6900,kWh,actual,,",
    f"exception,MX-1,E-0001,,{TODAY},06:00,9900,kWh,actual,HIGH,nine times last month",
    f"exception,MX-2,E-0002,,{TODAY},,,kWh,,MISSING,no data for six days",
    f"exception,MX-3,E-9999,,{TODAY},,,kWh,,MISSING,nobody knows this meter",
    f"exception,MX-4,E-0003,,{TODAY},06:00,7000,kWh,actual,SPIKE,one hour",
]


def file_of(*rows: str) -> bytes:
    return f"{HEAD}{chr(10).join(rows)}\n#END,{len(rows)}\n".encode()


def item(reference: str) -> ReadException:
    return ReadException.objects.get(source="mdm", reference=reference)


def test_reads_are_taken_and_exceptions_become_our_work(town: Town) -> None:
    taken = import_mdm(town.act(), file_name="day.csv", content=file_of(*ROWS))
    assert (taken.exceptions, taken.known, taken.batch.loaded, taken.batch.rejected) == (3, 0, 4, 1)
    read = Read.objects.get(register=town.registers[0], read_on=TODAY)
    assert (read.origin, read.status, read.value) == ("mdm", "accepted", 6900)
    doubted = item("MX-1")
    assert doubted.read is not None
    assert (doubted.read.status, doubted.read.origin, doubted.state) == ("queued", "mdm", "open")
    assert doubted.findings.get().figures["why"] == "nine times last month"
    assert doubted.at_risk_cents > 0 and item("MX-2").read is None
    correction = Correction.objects.get(batch=taken.batch)
    assert (correction.line, correction.field, correction.found) == (5, "meter", "E-9999")
    assert town.usage(1, TODAY - timedelta(days=1)) == []  # nothing is billed of what is in doubt


def test_the_same_again_changes_nothing(town: Town) -> None:
    import_mdm(town.act(), file_name="day.csv", content=file_of(*ROWS))
    before = (Read.objects.count(), ReadException.objects.count())
    again = import_mdm(town.act(), file_name="again.csv", content=file_of(*ROWS))
    other = import_mdm(town.act(), file_name="other.csv", content=file_of(*ROWS[:3]))
    assert (again.exceptions, other.exceptions, other.known) == (0, 0, 2)
    assert (Read.objects.count(), ReadException.objects.count()) == before


def test_a_read_accepted_here_is_put_in_question(town: Town) -> None:
    last = town.last(4)
    row = f"exception,MX-9,E-0004,,{last.read_on},06:00,{last.value:f},kWh,actual,SUM,intervals differ"
    import_mdm(town.act(), file_name="day.csv", content=file_of(row))
    last.refresh_from_db()
    assert (last.status, item("MX-9").read_id) == ("queued", last.pk)
    accept_read(town.act("supervisor"), item=item("MX-9"))
    last.refresh_from_db()
    assert last.status == "accepted"


def test_an_item_of_our_own_keeps_its_read(town: Town) -> None:
    ours = town.question(5, 9000)
    row = f"exception,MX-8,E-0005,,{TODAY},06:00,9000,kWh,actual,HIGH,high"
    import_mdm(town.act(), file_name="day.csv", content=file_of(row))
    assert item("MX-8").read is None and ours.read is not None
    accept_read(town.act(), item=item("MX-8"))
    ours.refresh_from_db()
    assert ours.state == "open"


def decide_all(town: Town) -> None:
    """Correct, estimate and refuse: three exceptions, three decisions."""
    correct_read(town.act(reason="digits swapped"), item=item("MX-1"), value=Decimal(6999))
    estimate_read(town.act(), item=item("MX-2"))
    reject_read(town.act(reason="no such usage"), item=item("MX-4"))


def test_decisions_go_back_once_each_over_http(town: Town, tmp_path: Path) -> None:
    file = tmp_path / "day.csv"
    file.write_bytes(file_of(*ROWS))
    with played("mdm", "--file", str(file), "--token", "secret") as address:
        there = HttpMdm(address, token="secret", wait=lambda seconds: None)
        assert pull(town.act(), since=TODAY, asked=there).exceptions == 3
        assert pull(town.act(), since=TODAY, asked=there).exceptions == 0
        assert pull(town.act(), since=TODAY + timedelta(days=1), asked=there).batch.rows == 0
        assert push(town.act(), asked=there).sent == 0
        decide_all(town)
        order = {"kind": "error", "times": 2}
        httpx.put(f"{address}/v1/faults", json=order, headers={"Authorization": "Bearer secret"})
        done = push(town.act(), asked=there)
        assert (done.sent, done.left) == (3, 0)
        assert push(town.act(), asked=there).sent == 0
        told = httpx.get(f"{address}/v1/clearances", headers={"Authorization": "Bearer secret"}).json()
        assert told["told"] == 3
        assert told["clearances"]["MX-1"] == {
            "decision": "corrected", "reading": "6999.000000", "decided_on": TODAY.isoformat(),
        }  # fmt: skip
        assert told["clearances"]["MX-4"]["reading"] is None
        assert told["clearances"]["MX-2"]["decision"] == "estimated"
        # somebody thinks again: the other system hears of it, and only of it
        corrected = Read.objects.get(register=town.registers[1], read_on=TODAY, status="accepted")
        question_read(town.act(reason="look again"), read=corrected)
        assert all(row.sent for row in MdmClearance.objects.all())
    assert standing()["unsent"] == 0


def test_an_mdm_that_is_away_hears_of_it_later(town: Town, tmp_path: Path) -> None:
    import_mdm(town.act(), file_name="day.csv", content=file_of(*ROWS))
    decide_all(town)
    away = HttpMdm("http://127.0.0.1:9", seconds=1, wait=lambda seconds: None)
    done = push(town.act(), asked=away)
    assert (done.sent, done.left) == (0, 3) and "3 tries" in done.problem
    file = tmp_path / "other.csv"
    file.write_bytes(file_of(*ROWS[:2]))  # it knows but one of them
    with played("mdm", "--file", str(file)) as address:
        done = push(town.act(), asked=HttpMdm(address, wait=lambda seconds: None))
    assert (done.sent, done.left) == (1, 2) and "404" in done.problem
    refused = MdmClearance.objects.get(exception__reference="MX-4")
    assert not refused.sent and "404" in refused.answer
    with pytest.raises(MdmRefused, match="METERBOOK_MDM_URL"):
        mdm({})


def test_decisions_go_back_by_file(town: Town) -> None:
    import_mdm(town.act(), file_name="day.csv", content=file_of(*ROWS))
    decide_all(town)
    gather_clearances(town.act())
    told = parse_clearances(write_clearances(all_clearances()))
    assert {(each.reference, each.decision) for each in told} == {
        ("MX-1", "corrected"), ("MX-2", "estimated"), ("MX-4", "rejected"),
    }  # fmt: skip
    gather_clearances(town.act())
    assert MdmClearance.objects.count() == 3


def test_a_damaged_file_loads_nothing(town: Town) -> None:
    whole = file_of(*ROWS)
    for broken in (whole[:-4], whole.replace(b"#END,5", b"#END,4"), whole.replace(b"record,", b"kind,")):
        with pytest.raises(WrongFormat):
            import_mdm(town.act(), file_name="day.csv", content=broken)
    assert not ReadException.objects.filter(source="mdm").exists()


@settings(deadline=None, max_examples=200)
@given(data=st.data())
def test_a_byte_more_or_less_never_loses_a_row_silently(data: st.DataObject) -> None:
    whole = file_of(*ROWS)
    at = data.draw(st.integers(0, len(whole) - 1))
    twice = data.draw(st.booleans())
    try:
        parsed = parse_reads(whole[:at] + (whole[at : at + 1] * 2 if twice else b"") + whole[at + 1 :])
    except WrongFormat:
        return
    assert parsed.rows == len(parsed.reads) + len(parsed.exceptions) + len({each.line for each in parsed.problems})
    assert parsed.problems or parsed.rows == 5


def test_what_is_written_reads_the_same() -> None:
    found = parse_reads(file_of(*ROWS))
    again = parse_reads(write_reads(found.reads, found.exceptions))
    assert [(each.meter_serial, each.value, each.read_at) for each in again.reads] == [
        (each.meter_serial, each.value, each.read_at) for each in found.reads
    ]
    assert [(each.reference, each.code, each.words, each.on) for each in again.exceptions] == [
        (each.reference, each.code, each.words, each.on) for each in found.exceptions
    ]
    one = [Clearance("MX-1", "passed", None, date(2026, 8, 6))]
    assert parse_clearances(write_clearances(one)) == one
