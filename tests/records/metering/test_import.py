"""Read files: what cannot be taken is listed with what was found and expected, the rest loads, and never twice."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from meterbook.formats import beacon
from meterbook.formats.contract import WrongFormat
from meterbook.records.metering.models import Read, ReadException, Register, Usage
from meterbook.records.metering.operations.exchange import exchange_meter
from meterbook.records.metering.operations.import_reads import import_reads
from meterbook.records.metering.shop.devices import NewMeter, NewRegister, comparison_at, point_of
from meterbook.records.metering.validation import take
from meterbook.records.platform.deeds import NotPermitted
from meterbook.records.platform.models import Correction, Deed, ImportBatch
from meterbook.records.platform.queries import corrections_of

pytestmark = pytest.mark.django_db
HEAD = "meter,channel,read_date,read_time,reading,unit,kind,reader,comment\n"


def file_of(*lines: str) -> bytes:
    """A plain reads file of these rows."""
    return (HEAD + "".join(f"{line}\n" for line in lines) + f"#END,{len(lines)}\n").encode()


def plain(office: Any, count: int) -> list[Register]:
    """Electric registers of ordinary houses, far from rolling over, with their October read on record."""
    found = [
        register
        for register in Register.objects.filter(meter__commodity="electricity", multiplier=1, meter__registers__channel
                                                ="delivered").select_related("meter").order_by("meter__serial")
        if register.meter.registers.count() == 1 and 1_000 < register.reads.latest("read_on").value < 60_000
    ]  # fmt: skip
    assert len(found) >= count
    return found[:count]


def last(register: Register) -> Read:
    return register.reads.filter(superseded=False, status=Read.ACCEPTED).latest("read_on")


def row(register: Register, on: str, steps: int | str, time: str = "09:15", unit: str = "kWh") -> str:
    """A row that reads ``steps`` more than the register's last read, or exactly the text given."""
    value = steps if isinstance(steps, str) else str(int(last(register).value) + steps)
    return f"{register.meter.serial},,{on},{time},{value},{unit},actual,,"


def usages(register: Register) -> list[tuple[date, date, Decimal, int]]:
    """Usage in force: from, to, quantity, version."""
    return [
        (u.starts, u.ends, Decimal(u.quantity_e6).scaleb(-6), u.version)
        for u in Usage.objects.filter(register=register, superseded=False).order_by("ends")
    ]


class TestQueued:
    """A read of a known register that cannot be believed is kept as it came and waits in the exception queue."""

    @pytest.mark.parametrize(
        ("line", "rule"),
        [
            ("{serial},,2024-12-03,09:15,712345,kWh,actual,,", "dial_count"),
            ("{serial},,2024-10-{day},09:15,{other},kWh,actual,,", "duplicate"),
        ],
        ids=["too many digits", "another value for a day already read"],
    )
    def test_one_read_among_good_ones(self, office: Any, line: str, rule: str) -> None:
        first, spoiled, third = plain(office, 3)
        shown = last(spoiled)
        told = line.format(serial=spoiled.meter.serial, day=f"{shown.read_on:%d}", other=int(shown.value) + 7)
        content = file_of(row(first, "2024-12-03", 310), told, row(third, "2024-12-03", 290))
        batch = office.take_in("meterbook-reads", content)
        assert (batch.rows, batch.loaded, batch.rejected) == (3, 3, 0)
        item = ReadException.objects.get(register=spoiled)
        assert item.read is not None
        assert (item.state, item.read.status, item.read.raw) == ("open", Read.QUEUED, told)
        assert rule in set(item.findings.filter(holds=True).values_list("rule", flat=True))
        assert usages(first)[-1][2:3] == (Decimal(310),)
        assert Usage.objects.filter(to_read=item.read).count() == 0
        assert last(spoiled) == shown

    def test_two_values_for_one_instant_in_one_file(self, office: Any) -> None:
        [register] = plain(office, 1)
        value = int(last(register).value)
        office.take_in("meterbook-reads", file_of(row(register, "2024-12-03", 300), row(register, "2024-12-03", 301)))
        item = ReadException.objects.get(register=register)
        assert item.read is not None
        assert (item.read.value, item.read.line, item.read.version) == (value + 301, 3, 2)
        assert last(register).value == value + 300

    def test_the_same_read_in_another_file_changes_nothing(self, office: Any) -> None:
        [register] = plain(office, 1)
        beyond = f"{register.meter.serial},,2024-12-03,09:15,712345,kWh,actual,,"
        office.take_in("meterbook-reads", file_of(beyond))
        again = office.take_in("meterbook-reads", file_of(beyond, beyond))
        assert (again.rows, again.loaded, again.unchanged) == (2, 0, 2)
        assert ReadException.objects.filter(register=register).count() == 1


class TestCorrections:
    """Each bad row lands in the list with line, field, found and expected; good rows beside it load."""

    @pytest.mark.parametrize(
        ("bad", "field", "found", "expected"),
        [
            ("NOBODYS,,2024-12-03,09:15,100,kWh,actual,,", "meter", "NOBODYS", "the serial of a meter on record"),
            ("{serial},,2024-12-03,09:15,{fits},ccf,actual,,", "unit", "ccf", "kWh"),
            ("{serial},,2024-12-03,09:15,7123456789,kWh,actual,,", "reading", "7123456789",
             "at most 9 digits before the point"),
            ("{serial},,2024-12-03,09:15,{fits}.5,kWh,actual,,", "reading", "{fits}.5",
             "at most 0 digits after the point"),
            ("{serial},,2024-07-01,09:15,{fits},kWh,actual,,", "date", "2024-07-01",
             "not before installation on {hung}"),
            ("{serial},R,2024-12-03,09:15,{fits},kWh,actual,,", "channel", "R", "a channel of meter {serial}"),
            ("{serial},,2024-02-30,09:15,{fits},kWh,actual,,", "read_date", "2024-02-30", None),
            ("{serial},,2024-12-03,09:15,12x,kWh,actual,,", "reading", "12x", None),
        ],
        ids=["unknown meter", "wrong unit", "too many digits", "too many decimals", "before installation",
             "no such channel", "no such date", "not a number"],
    )  # fmt: skip
    def test_one_bad_row_among_good_ones(
        self, office: Any, bad: str, field: str, found: str, expected: str | None
    ) -> None:
        first, spoiled, third = plain(office, 3)
        shown = last(spoiled)
        facts = {
            "serial": spoiled.meter.serial, "fits": int(shown.value) + 9,
            "hung": spoiled.meter.installations.get().validity.lower,
        }  # fmt: skip
        line = bad.format(**facts)
        content = file_of(row(first, "2024-12-03", 310), line, row(third, "2024-12-03", 290))
        before = Read.objects.count()
        batch = office.take_in("meterbook-reads", content)
        assert (batch.rows, batch.loaded, batch.rejected) == (3, 2, 1)
        assert Read.objects.count() == before + 2
        [correction] = corrections_of(batch.pk)
        assert correction["line"] == 3
        assert field in correction["field"]
        assert found.format(**facts) in correction["found"]
        if expected is None:
            assert correction["expected"]
        else:
            assert correction["expected"] == expected.format(**facts)
            assert correction["raw"] == line
        assert usages(first)[-1][2:3] == (Decimal(310),)
        assert usages(third)[-1][2:3] == (Decimal(290),)
        assert last(spoiled) == shown

    def test_a_removed_meter_is_read_no_more(self, office: Any) -> None:
        [register] = plain(office, 1)
        swap(office, register, on=date(2024, 11, 20), out=last(register).value + 50)
        batch = office.take_in("meterbook-reads", file_of(row(register, "2024-12-03", 60)))
        [correction] = corrections_of(batch.pk)
        assert (correction["field"], correction["expected"]) == ("date", "not after removal on 2024-11-20")

    def test_a_row_the_format_refuses_carries_its_own_line(self, office: Any) -> None:
        [register] = plain(office, 1)
        refused = row(register, "2024-13-45", 10)
        batch = office.take_in("meterbook-reads", file_of(refused))
        [correction] = corrections_of(batch.pk)
        assert correction["raw"] == refused

    def test_corrections_keep_their_facts(self, office: Any) -> None:
        office.take_in("meterbook-reads", file_of("NOBODYS,,2024-12-03,09:15,100,kWh,actual,,"))
        correction = Correction.objects.latest("pk")
        for field in ("line", "field", "found", "expected", "raw"):
            with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic(), connection.cursor() as c:
                value = 99 if field == "line" else "something else"
                c.execute(f'UPDATE platform_correction SET "{field}" = %s WHERE id = %s', [value, correction.pk])
        with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic(), connection.cursor() as c:
            c.execute("DELETE FROM platform_correction WHERE id = %s", [correction.pk])
        deed = Deed.objects.latest("pk")
        Correction.objects.filter(pk=correction.pk).update(resolved_by=deed)
        assert Correction.objects.get(pk=correction.pk).resolved_by == deed


class TestWholeFiles:
    """The same file changes nothing; a file that cannot be trusted loads nothing."""

    def counts(self) -> tuple[int, ...]:
        return tuple(model.objects.count() for model in (Read, Usage, Correction, ImportBatch, ReadException))

    def test_the_same_bytes_again(self, office: Any) -> None:
        first, second = plain(office, 2)
        content = file_of(row(first, "2024-12-03", 310), row(second, "2024-12-03", 5), "NOBODYS,,2024-12-03,09:15,1,"
                          "kWh,actual,,")  # fmt: skip
        batch = office.take_in("meterbook-reads", content)
        after = self.counts()
        assert office.take_in("meterbook-reads", content, "under another name.csv") == batch
        assert self.counts() == after

    def test_the_same_rows_in_another_file(self, office: Any) -> None:
        first, second = plain(office, 2)
        rows = (row(first, "2024-12-03", 310), row(second, "2024-12-03", 5))
        office.take_in("meterbook-reads", file_of(*rows))
        reads, usage = Read.objects.count(), Usage.objects.count()
        again = office.take_in("meterbook-reads", file_of(*reversed(rows)))
        assert (again.rows, again.loaded, again.unchanged, again.rejected) == (2, 0, 2, 0)
        assert (Read.objects.count(), Usage.objects.count()) == (reads, usage)

    @pytest.mark.parametrize(
        "damage",
        [
            lambda text: text[: len(text) // 2],
            lambda text: text.replace("#END,2\n", ""),
            lambda text: text.replace("#END,2", "#END,3"),
            lambda text: text.replace("read_date", "date"),
            lambda text: "",
            lambda text: text.encode("utf-16").decode("latin-1"),
        ],
        ids=["cut off", "no trailer", "miscounted", "other headings", "empty", "another encoding"],
    )
    def test_a_damaged_file_loads_nothing(self, office: Any, damage: Any) -> None:
        first, second = plain(office, 2)
        text = file_of(row(first, "2024-12-03", 310), row(second, "2024-12-03", 5)).decode()
        before = self.counts()
        with pytest.raises(WrongFormat):
            office.take_in("meterbook-reads", damage(text).encode("latin-1"))
        assert self.counts() == before

    def test_a_file_of_the_other_format_loads_nothing(self, office: Any) -> None:
        [water] = [file for file in office.files(3, "C1") if file.commodity == "water"]
        before = self.counts()
        with pytest.raises(WrongFormat):
            office.take_in("meterbook-reads", water.path.read_bytes())
        assert self.counts() == before

    def test_a_cashier_imports_no_reads(self, office: Any) -> None:
        with pytest.raises(NotPermitted):
            import_reads(office.act("cashier"), format="meterbook-reads", file_name="x", content=file_of())


@pytest.fixture
def no_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reads are what they are: chains and clocks are looked at, not whether anybody would believe them."""
    monkeypatch.setattr(take, "rules_on", lambda day: None)


@pytest.mark.usefixtures("no_rules")
class TestChains:
    """Usage is read minus read, of the reads in force."""

    def test_a_late_read_between_two(self, office: Any) -> None:
        [register] = plain(office, 1)
        start = last(register)
        office.take_in("meterbook-reads", file_of(row(register, "2024-12-03", 900)))
        assert usages(register)[-1] == (start.read_on, date(2024, 12, 3), Decimal(900), 1)
        middle = str(int(start.value) + 400)
        office.take_in("meterbook-reads", file_of(row(register, "2024-11-10", middle)))
        assert usages(register)[-2:] == [
            (start.read_on, date(2024, 11, 10), Decimal(400), 2),
            (date(2024, 11, 10), date(2024, 12, 3), Decimal(500), 2),
        ]
        [old] = Usage.objects.filter(register=register, superseded=True)
        assert (old.starts, old.ends, old.quantity_e6) == (start.read_on, date(2024, 12, 3), 900_000_000)

    def test_neither_reads_nor_usage_can_be_deleted_nor_a_read_rewritten(self, office: Any) -> None:
        for statement in ("DELETE FROM metering_read", "DELETE FROM metering_usage",
                          "UPDATE metering_read SET value = value + 1",
                          "UPDATE metering_read SET raw = 'other'"):  # fmt: skip
            with pytest.raises(DatabaseError, match=r"Cannot (update|delete)"), transaction.atomic():
                connection.cursor().execute(statement)

    def test_a_register_that_passes_its_last_number(self, office: Any) -> None:
        [register] = plain(office, 1)
        office.take_in("meterbook-reads", file_of(row(register, "2024-11-20", "24990")))
        for on, shown in (("2024-11-21", "49980"), ("2024-11-22", "74970"), ("2024-11-23", "99960")):
            office.take_in("meterbook-reads", file_of(row(register, on, shown)))
        office.take_in("meterbook-reads", file_of(row(register, "2024-12-03", "00310")))
        newest = Usage.objects.filter(register=register).latest("ends")
        assert (newest.quantity_e6, newest.rollover) == (350_000_000, True)
        assert not ReadException.objects.filter(register=register, on=date(2024, 12, 3)).exists()

    def test_a_register_that_fell_too_far(self, office: Any) -> None:
        [register] = plain(office, 1)
        before = usages(register)
        office.take_in("meterbook-reads", file_of(row(register, "2024-12-03", -500)))
        assert usages(register) == before
        assert ReadException.objects.get(register=register).findings.get().rule == "rollover_implausible"

    def test_the_latest_read_of_a_day_is_the_days_read(self, office: Any) -> None:
        [register] = plain(office, 1)
        batch = office.take_in("meterbook-reads", file_of(
            row(register, "2024-12-03", 305, "17:00"), row(register, "2024-12-03", 300, "06:00")))  # fmt: skip
        assert (batch.loaded, batch.same_day, batch.rejected) == (1, 1, 0)
        assert usages(register)[-1][2] == 305

    def test_a_compound_meter_has_two_registers(self, office: Any) -> None:
        high = Register.objects.filter(channel="high_flow").order_by("pk").first()
        assert high is not None
        low = high.meter.registers.get(channel="low_flow")
        morning = datetime.fromisoformat("2024-12-03T06:00")
        office.take_in("beacon", beacon.write(
            beacon.BeaconRow(
                meter_serial=high.meter.serial, read_at=morning, unit="ccf", register=word,
                reading=last(register).value + more,
            ) for register, word, more in ((high, "H", Decimal("12.5")), (low, "L", Decimal("3.25")))
        ))  # fmt: skip
        assert usages(high)[-1][2:3] == (Decimal("12.5"),)
        assert usages(low)[-1][2:3] == (Decimal("3.25"),)

    def test_the_multiplier_counts(self, office: Any) -> None:
        large = Register.objects.filter(multiplier__gt=1, reads__value__lt=60_000).order_by("pk").first()
        assert large is not None
        office.take_in("meterbook-reads", file_of(row(large, "2024-12-03", 7)))
        assert usages(large)[-1][2] == 7 * large.multiplier


def swap(office: Any, register: Register, *, on: date, out: Decimal) -> None:
    """Exchange a meter, the new one starting at 12."""
    new = NewRegister("delivered", 5, 0, Decimal(1), "kWh", Decimal(12))
    factory = {"full_load": Decimal("100.1"), "light_load": Decimal("99.4")}
    meter, point = NewMeter("E-NEW-1", "2S", "Itron", "C1S", (new,), factory), point_of(register.meter.serial)
    exchange_meter(
        office.act("billing", on=on), service_point=point, on=on, out_reads={"delivered": out}, meter=meter,
        confirmed=comparison_at(point, meter),
    )  # fmt: skip


def test_an_exchanged_meter_loses_no_day(office: Any) -> None:
    [old] = plain(office, 1)
    start = last(old)
    swap(office, old, on=date(2024, 11, 20), out=start.value + 250)
    new = Register.objects.get(meter__serial="E-NEW-1")
    office.take_in("meterbook-reads", file_of(row(new, "2024-12-03", 130)))
    assert usages(old)[-1][:3] == (start.read_on, date(2024, 11, 20), Decimal(250))
    assert usages(new) == [(date(2024, 11, 20), date(2024, 12, 3), Decimal(130), 1)]
    places = Usage.objects.filter(register__in=[old, new]).values_list("service_point", flat=True).distinct()
    assert len(places) == 1


@pytest.mark.usefixtures("no_rules")
class TestNightsTheClockChanges:
    """Los Angeles: on 9 March 2025 there is no 02:30; on 3 November 2024 there are two 01:30."""

    def test_an_hour_that_is_not_there(self, office: Any) -> None:
        [register] = plain(office, 1)
        batch = office.take_in("meterbook-reads", file_of(row(register, "2025-03-09", 300, "02:30")))
        [correction] = corrections_of(batch.pk)
        assert (correction["field"], correction["found"]) == ("time", "2025-03-09")
        assert correction["expected"] == "a time that exists on that day"
        assert last(register).read_on < date(2025, 3, 9)

    @pytest.mark.parametrize(
        ("day", "time", "instant"),
        [
            ("2025-03-09", "01:30", datetime(2025, 3, 9, 9, 30, tzinfo=UTC)),
            ("2025-03-09", "03:30", datetime(2025, 3, 9, 10, 30, tzinfo=UTC)),
            ("2024-11-03", "00:30", datetime(2024, 11, 3, 7, 30, tzinfo=UTC)),
            ("2024-11-03", "01:30", datetime(2024, 11, 3, 8, 30, tzinfo=UTC)),
            ("2024-11-03", "02:30", datetime(2024, 11, 3, 10, 30, tzinfo=UTC)),
        ],
    )
    def test_every_other_hour_is_the_right_instant(self, office: Any, day: str, time: str, instant: datetime) -> None:
        [register] = plain(office, 1)
        batch = office.take_in("meterbook-reads", file_of(row(register, day, 300, time)))
        assert (batch.loaded, batch.rejected) == (1, 0)
        read = last(register)
        assert (read.read_on, read.read_at) == (date.fromisoformat(day), instant)

    def test_a_day_of_23_or_25_hours_is_a_day(self, office: Any) -> None:
        """Usage counts local dates: the night of the change makes no period longer or shorter."""
        [register] = plain(office, 1)
        for on, steps in (("2024-11-02", 10), ("2024-11-03", 11), ("2024-11-04", 12)):
            office.take_in("meterbook-reads", file_of(row(register, on, steps, "00:15")))
        assert [(ends - starts).days for starts, ends, *_ in usages(register)[-2:]] == [1, 1]
