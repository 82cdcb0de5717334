"""What a page shows of a meter's answers."""

from __future__ import annotations

from dataclasses import dataclass

from meterbook.records.metering.models import Meter, Ping, Read, Register

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Asked:
    """One question and its answer, and whether its value is a read already or could be taken as one."""

    ping: Ping
    taken: bool
    takeable: bool


def meter(meter_id: int) -> Meter | None:
    """A meter, or nothing."""
    return Meter.objects.filter(pk=meter_id).first()


def meter_with_serial(serial: str) -> Meter | None:
    """The meter of a serial number, or nothing."""
    return Meter.objects.filter(serial=serial).first()


def registers(meter_id: int) -> list[Register]:
    """A meter's registers, the main one first."""
    return list(Register.objects.select_related("meter").filter(meter_id=meter_id).order_by("channel"))


def ping(ping_id: int) -> Ping | None:
    """One question put to the head-end, or nothing."""
    return Ping.objects.select_related("meter").filter(pk=ping_id).first()


def answers(meter_id: int) -> list[Asked]:
    """The newest questions about a meter."""
    rows = Ping.objects.filter(meter_id=meter_id).select_related("deed__actor").order_by("-pk")[:SHOWN]
    taken = set(Read.objects.filter(register__meter_id=meter_id, origin=Read.HEAD_END).values_list("read_at", "value"))
    found = []
    for row in rows:
        is_taken = (row.answered_at, row.value) in taken
        found.append(Asked(row, is_taken, row.kind == "read" and row.value is not None and not is_taken))
    return found


def meters_known(limit: int = 100_000) -> list[dict[str, object]]:
    """Meters that hang now with what each register showed last, as a head-end would know them."""
    rows = Register.objects.filter(meter__installations__validity__endswith__isnull=True)
    found: dict[str, dict[str, object]] = {}
    newest = Read.objects.filter(status=Read.ACCEPTED, superseded=False).order_by("register", "-read_on")
    shown = {
        register: (value, at)
        for register, value, at in newest.distinct("register").values_list("register_id", "value", "read_at")
    }
    fields = rows.order_by("meter__serial", "channel").values_list("meter__serial", "id", "channel", "unit", "decimals")
    for serial, key, channel, unit, decimals in fields[:limit]:
        value, at = shown.get(key, (None, None))
        registers = found.setdefault(serial, {"serial": serial, "registers": []})["registers"]
        assert isinstance(registers, list)
        registers.append(
            {"channel": channel, "unit": unit, "decimals": decimals, "value": f"{value or 0:.{decimals}f}",
             "at": at.isoformat() if at else None}
        )  # fmt: skip
    return list(found.values())
