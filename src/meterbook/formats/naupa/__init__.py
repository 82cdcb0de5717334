"""NAUPA II: the yearly report of unclaimed property to a state. See README.md."""

from meterbook.formats.contract import Format
from meterbook.formats.naupa.parse import parse, verdict
from meterbook.formats.naupa.values import (
    PROPERTY_TYPES,
    Contact,
    Holder,
    Owner,
    Property,
    Report,
    business_name,
    person_name,
)
from meterbook.formats.naupa.write import write

FORMAT: Format[Report] = Format(
    name="naupa",
    title="NAUPA II report of unclaimed property (625 columns)",
    kind="unclaimed",
    parse=parse,
    write=write,
    judge=verdict,
)

__all__ = [
    "FORMAT", "PROPERTY_TYPES", "Contact", "Holder", "Owner", "Property", "Report", "business_name", "parse",
    "person_name", "write",
]  # fmt: skip
