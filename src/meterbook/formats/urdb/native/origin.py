"""What of a record has no place in a tariff document: kept under ``origin`` field by field, as JSON text.

A field that the document itself can say again, digit for digit, is not kept; what it would say beyond the record is
listed as ``absent``, so that an export brings back the record and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from meterbook.formats.contract import WrongFormat
from meterbook.formats.urdb.conventions import Conventions
from meterbook.formats.urdb.exact_json import json_text, read_json
from meterbook.formats.urdb.native.again import said_again
from meterbook.formats.urdb.native.charges import Entry
from meterbook.formats.urdb.native.document import tariff_document
from meterbook.formats.urdb.native.text import as_read, document_text
from meterbook.formats.urdb.reading import read_record
from meterbook.formats.urdb.record import UrdbRate

FORMAT_NAME = "urdb"


def imported(rate: UrdbRate, conventions: Conventions = Conventions()) -> str:
    """The record as a tariff document that can be written back: YAML with ``origin``. Raises `WrongFormat`."""
    document = tariff_document(rate, conventions)
    again = said_again(as_read(document))
    kept = {key: json_text(value) for key, value in sorted(rate.raw.items()) if key not in again or again[key] != value}
    origin: Entry = {"format": FORMAT_NAME, "kept": kept}
    absent = sorted(key for key in again if key not in rate.raw)
    if absent:
        origin["absent"] = absent
    return document_text(document | {"origin": origin})


def exported(text: str) -> dict[str, Any]:
    """The URDB record of a document that `imported` wrote, with whatever was changed in it since.

    Charges that stand as they were imported give back the record's own fields; changed ones are said anew. Raises
    `WrongFormat` for a document of another origin, or one a record cannot say.
    """
    document = as_read(text)
    origin = document.get("origin")
    if not isinstance(origin, dict) or origin.get("format") != FORMAT_NAME:
        found = str(origin.get("format", "")) if isinstance(origin, dict) else ""
        raise WrongFormat("not a tariff imported from URDB", line=0, field="origin.format", found=found,
                          expected="urdb: only what was imported can be written back whole")  # fmt: skip
    kept = {key: read_json(value.encode()) for key, value in (origin.get("kept") or {}).items()}
    absent = set(origin.get("absent") or ())
    again = said_again(document)
    record = {key: value for key, value in again.items() if key not in absent} | kept
    return _changed(document, record, again)


def _changed(document: Mapping[str, Any], record: dict[str, Any], again: Mapping[str, Any]) -> dict[str, Any]:
    """The record, with the fields of every charge that no longer is what the record says taken from the document."""
    before = as_read(tariff_document(read_record(record)))
    for fields, part in _PARTS:
        if part(document) == part(before):
            continue
        if fields == _ENERGY and _ENERGY[0] not in again:
            raise WrongFormat("changed tiers of hours' use that a record would say otherwise", line=0, field="energy",
                              found="formulas", expected="tiers that end in one unit")  # fmt: skip
        for field in fields:
            for key in [key for key in record if key.lower() == field]:
                del record[key]
            if field in again:
                record[field] = again[field]
    return record


def _version(document: Mapping[str, Any]) -> Mapping[str, Any]:
    versions = document["versions"]
    if len(versions) != 1:
        raise WrongFormat("several versions", line=0, field="versions", found=f"{len(versions)} versions",
                          expected="one version: a record has one price of a thing")  # fmt: skip
    found: Mapping[str, Any] = versions[0]
    return found


def _charges(*prefixes: str) -> Any:
    """The charges of a document whose ids begin with one of the prefixes, without their words."""

    def part(document: Mapping[str, Any]) -> Any:
        return [
            {key: value for key, value in entry.items() if key not in ("label", "revenue", "taxes")}
            for entry in _version(document)["components"]
            if entry["id"].startswith(prefixes)
        ] + ([_version(document).get("seasons")] if prefixes != ("fixed",) else [])

    return part


_ENERGY = ("energyratestructure",)
_HOURS = ("energyweekdayschedule", "energyweekendschedule")
_DEMAND_HOURS = ("demandweekdayschedule", "demandweekendschedule")
_LOOKBACK = ("lookbackpercent", "lookbackmonths", "lookbackrange")
#: Fields of a record that belong together, and the part of a document that says them.
_PARTS = (
    (("name",), lambda document: document["title"]["en"]),
    (("utility",), lambda document: _version(document)["source"]["utility"]),
    (("startdate",), lambda document: _version(document)["effective"]),
    (("fixedchargefirstmeter", "fixedchargeunits", "fixedmonthlycharge"), _charges("fixed")),
    (_ENERGY, _charges("energy")),
    (_HOURS, lambda document: _version(document).get("time_of_use", {}).get("schedule")),
    (("fueladjustmentsmonthly",), _charges("fuel")),
    (("flatdemandstructure", "flatdemandmonths"), _charges("demand_flat")),
    (("demandratestructure",), _charges("demand_tou")),
    (_DEMAND_HOURS, lambda document: _version(document).get("calendars", {}).get("demand", {}).get("schedule")),
    (_LOOKBACK, lambda document: _ratchets(_version(document))),
    (("demandreactivepowercharge",), _charges("reactive")),
    (("coincidentratestructure",), _charges("coincident")),
    (("mincharge", "minchargeunits", "minmonthlycharge", "annualmincharge"), _charges("minimum")),
)


def _ratchets(version: Mapping[str, Any]) -> Any:
    return [entry.get("ratchet") for entry in version["components"] if entry["id"].startswith("demand_")]
