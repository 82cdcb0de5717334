"""The policy ``autopay`` as one value: company settings, calendar, breaker, returns, the words somebody agrees to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from meterbook.engine.autopay.bank_account import WrongBankAccount, account_number, routing_number
from meterbook.engine.autopay.breaker import Breaker
from meterbook.engine.autopay.returned import Presenting, ReturnRules

#: What an entry is for; each has its words in the batch header (ten characters).
PURPOSES = ("draft", "prenote", "refund", "again", "reversal")
FINALS = ("draft", "hold", "none")
SEC = ("PPD", "CCD", "WEB", "TEL")


class WrongAutopay(ValueError):
    """The policy is not one of autopay: names the field, what was found and what was expected."""


@dataclass(frozen=True, slots=True)
class Company:
    """Who we are to the bank: routing number and name of ours, origin, company name and number, descriptions."""

    bank: str
    bank_name: str
    origin: str
    origin_name: str
    name: str
    id: str
    descriptions: Mapping[str, str]
    balanced: bool
    offset_routing: str
    offset_account: str


@dataclass(frozen=True, slots=True)
class AutopayRules:
    """Everything the utility decided about automatic payments."""

    company: Company
    sec: Mapping[str, str]
    prenote_days: int
    validated_classes: frozenset[str]
    validated_by: tuple[str, ...]
    moves: str
    ahead_days: int
    lead_days: int
    late_days: int
    final: str
    breaker: Breaker
    returns: ReturnRules
    reversal_days: int
    authorisation: Mapping[str, str]

    def sec_of(self, *, business: bool, how: str) -> str:
        """The entry class of an authorisation: a business's is CCD however it was given."""
        return self.sec["business"] if business else self.sec.get(how, self.sec["person"])

    def words(self, language: str) -> str:
        """What somebody agrees to, in their language."""
        return self.authorisation[language].strip().format(company=self.company.origin_name.title())


def parse_autopay(document: Mapping[str, Any]) -> AutopayRules:
    """Read a policy ``autopay``; raise `WrongAutopay` at the first thing that is wrong."""
    drafts, sec = _mapping(document, "drafts"), _mapping(document, "sec")
    for name in ("person", "business"):
        _one_of(sec, name, SEC)
    validation, authorisation = _mapping(document, "validation"), _mapping(document, "authorisation")
    for language in ("en", "es"):
        _text(authorisation, language, most=2000)
    moves, final = _one_of(drafts, "moves", ("after", "before")), _one_of(drafts, "final", FINALS)
    return AutopayRules(
        company=_company(_mapping(document, "company")),
        sec={str(key): _one_of(sec, str(key), SEC) for key in sec},
        prenote_days=_count(_mapping(document, "prenote"), "wait_days", most=30),
        validated_classes=frozenset(_list(validation, "classes")),
        validated_by=tuple(_list(validation, "by")),
        moves=moves,
        ahead_days=_count(drafts, "ahead_days", most=30),
        lead_days=_count(drafts, "lead_days", most=10),
        late_days=_count(drafts, "late_days", most=60),
        final=final,
        breaker=_breaker(_mapping(document, "breaker"), final),
        returns=_returns(_mapping(document, "returns")),
        reversal_days=_count(_mapping(document, "reversal"), "within_days", most=5),
        authorisation={language: str(authorisation[language]) for language in ("en", "es")},
    )


def _company(found: Mapping[str, Any]) -> Company:
    said, offset = _mapping(found, "descriptions"), _mapping(found, "offset")
    try:
        bank, routing = routing_number(str(found.get("bank"))), routing_number(str(offset.get("routing")))
        account = account_number(str(offset.get("account")))
    except WrongBankAccount as error:
        raise WrongAutopay(f"company: {error}") from error
    if said.get("reversal") != "REVERSAL" or said.get("again") != "RETRY PYMT":
        raise WrongAutopay("company.descriptions: Nacha asks for REVERSAL and RETRY PYMT, in these words")
    if not isinstance(found.get("balanced"), bool):
        raise WrongAutopay(f"company.balanced: found {found.get('balanced')!r}, expected true or false")
    return Company(
        bank=bank,
        bank_name=_text(found, "bank_name", most=23),
        origin=_text(found, "origin", most=10),
        origin_name=_text(found, "origin_name", most=23),
        name=_text(found, "name", most=16),
        id=_text(found, "id", most=10),
        descriptions={purpose: _text(said, purpose, most=10) for purpose in PURPOSES},
        balanced=found["balanced"],
        offset_routing=routing,
        offset_account=account,
    )


def _breaker(found: Mapping[str, Any], final: str) -> Breaker:
    return Breaker(
        times=_number(found, "times"),
        least_cents=int(_number(found, "least") * 100),
        normal_bills=_count(found, "normal_bills", most=36),
        least_bills=_count(found, "least_bills", most=36),
        gap_days=_count(found, "gap_days", most=366),
        several_days=_count(found, "several_days", most=60),
        first_bills=_count(found, "first_bills", most=36),
        final=final,
        protections=tuple(_list(found, "protections")),
    )


def _returns(found: Mapping[str, Any]) -> ReturnRules:
    stops, suspends, again = _list(found, "stops"), _list(found, "suspends"), _mapping(found, "again")
    codes = _list(again, "codes")
    if both := sorted(set(stops) & set(suspends)):
        raise WrongAutopay(f"returns: {', '.join(both)} cannot both stop and suspend")
    if not set(codes) <= {"R01", "R09"}:
        raise WrongAutopay(f"returns.again.codes: found {codes}, Nacha allows R01 and R09")
    presentments, days = _count(again, "presentments", most=3), _count(again, "within_days", most=180)
    presenting = Presenting(frozenset(codes), presentments, days, _count(again, "wait_days", most=60))
    return ReturnRules(frozenset(stops), frozenset(suspends), presenting)


def _mapping(place: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = place.get(name)
    if not isinstance(found, dict):
        raise WrongAutopay(f"{name}: found {type(found).__name__}, expected a mapping")
    return found


def _list(place: Mapping[str, Any], name: str) -> list[str]:
    found = place.get(name)
    if not isinstance(found, list) or not found or not all(isinstance(each, str) for each in found):
        raise WrongAutopay(f"{name}: found {found!r}, expected a list of words")
    return found


def _text(place: Mapping[str, Any], name: str, *, most: int) -> str:
    found = place.get(name)
    if not isinstance(found, str) or not 0 < len(found.strip()) <= most:
        raise WrongAutopay(f"{name}: found {found!r}, expected up to {most} characters")
    return found


def _one_of(place: Mapping[str, Any], name: str, known: tuple[str, ...]) -> str:
    found = place.get(name)
    if found not in known:
        raise WrongAutopay(f"{name}: found {found!r}, expected one of {', '.join(known)}")
    return str(found)


def _count(place: Mapping[str, Any], name: str, *, most: int) -> int:
    found = place.get(name)
    if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found <= most:
        raise WrongAutopay(f"{name}: found {found!r}, expected a whole number from 0 to {most}")
    return found


def _number(place: Mapping[str, Any], name: str) -> Decimal:
    try:
        found = Decimal(str(place.get(name)))
    except InvalidOperation:
        found = Decimal(-1)
    if not found.is_finite() or found <= 0 or found * 100 != int(found * 100):
        raise WrongAutopay(f"{name}: found {place.get(name)!r}, expected a number above 0 with at most two decimals")
    return found
