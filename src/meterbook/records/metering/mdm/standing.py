"""Where the registers another MDM speaks of hang, and what is on record of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Max

from meterbook.formats.mdm_csv import MdmException
from meterbook.records.metering.accept import CHANNEL_WORDS
from meterbook.records.metering.models import Installation, Read, Register
from meterbook.records.metering.queue.doubts import judged
from meterbook.records.platform.models import Deed
from meterbook.records.platform.queries import utility


@dataclass(frozen=True, slots=True)
class Standing:
    """A register and the service point it hung at on the day asked about."""

    register: int
    service_point: int
    zone: ZoneInfo

    def instant(self, local: datetime) -> datetime:
        """A local time of the file as an instant; the earlier one where the clock shows it twice."""
        return local.replace(tzinfo=self.zone, fold=0)


def standing_of(exceptions: Sequence[MdmException]) -> dict[str, Standing]:
    """Register and place of each exception, by its reference; those that hang nowhere that day are left out."""
    zone = ZoneInfo(utility().timezone)
    serials = {each.meter_serial for each in exceptions}
    registers: dict[str, dict[str, Register]] = {}
    for each_register in Register.objects.select_related("meter").filter(meter__serial__in=serials).order_by("pk"):
        registers.setdefault(each_register.meter.serial, {})[each_register.channel] = each_register
    hung: dict[int, list[tuple[date, date | None, int]]] = {}
    for row in Installation.objects.filter(meter__serial__in=serials).order_by("validity"):
        hung.setdefault(row.meter_id, []).append((row.validity.lower, row.validity.upper, row.service_point_id))
    found = {}
    for each in exceptions:
        register = _channel(registers.get(each.meter_serial, {}), each.register)
        if register is None:
            continue
        places = [point for since, until, point in hung.get(register.meter_id, [])
                  if since <= each.on and (until is None or each.on <= until)]  # fmt: skip
        if places:
            found[each.reference] = Standing(register.pk, places[-1], zone)
    return found


def _channel(channels: dict[str, Register], word: str) -> Register | None:
    """The register a word means; the main one for no word, as `accept` has it."""
    if word:
        found = channels.get(CHANNEL_WORDS.get(word, ""))
        return next(iter(channels.values())) if found is None and word == "1" and len(channels) == 1 else found
    return channels.get("delivered") or channels.get("high_flow") or next(iter(channels.values()), None)


def newest_version(register: int, on: date) -> int:
    """The newest version of a register's read of a day; 0 where there is none."""
    return Read.objects.filter(register=register, read_on=on).aggregate(newest=Max("version"))["newest"] or 0


def at_risk(deed: Deed, read: Read) -> dict[str, int]:
    """Found and expected usage and the cents at risk, as the rules reckon; what is unknown is left out."""
    return judged(read, deed.business_date)
