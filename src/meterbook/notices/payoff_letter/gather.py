"""From the figures of a payoff to its letter."""

from __future__ import annotations

from meterbook.notices.letters import Letter, long_day, money, set_letters
from meterbook.notices.payoff_letter.words import words
from meterbook.records.customers.models import Account
from meterbook.records.fees.payoff.figures import Payoff
from meterbook.records.places.models import Premise
from meterbook.records.platform.queries import utility


def payoff_letter(found: Payoff, *, requester: str, language: str) -> Letter:
    """The letter to whoever asked, in a language, stated on the day of the figures."""
    w, house = words(language), utility()
    through = long_day(found.good_through, language)
    rows = [
        [w["owed"].format(service=w.get(one.service, one.service)), money(one.balance_cents)] for one in found.owed
    ]  # fmt: skip
    rows += [
        [w["used"].format(service=w.get(one.service, one.service), days=one.days), money(one.cents)]
        for one in found.unbilled
        if one.cents is not None
    ]
    rows.append([w["total"].format(day=through), money(found.total_cents)])
    return Letter(
        language=language, title=w["title"], utility=house.name, department=house.department,
        date=long_day(found.day, language), stated=(found.day.year, found.day.month, found.day.day),
        account=w["account"].format(number=found.account.number), mail=[requester],
        about=_about(found.account, w), greeting=w["greeting"], said=[w["said"].format(day=through)],
        heads=[w["what"], w["amount"]], rows=rows, strong_last=True, closing=_closing(found, w, language),
        rule=w["contact"].format(phone=house.phone, email=house.email),
    )  # fmt: skip


def render_letter(found: Payoff, *, requester: str, language: str) -> bytes:
    """The letter as a PDF. Raises `NotSet`."""
    return set_letters([payoff_letter(found, requester=requester, language=language)])


def _about(account: Account, w: dict[str, str]) -> str:
    served = Premise.objects.filter(service_points__agreements__account=account).select_related("parcel").distinct()
    places = [
        w["place"].format(address=one.address, parcel=one.parcel.number if one.parcel else "–")
        for one in served.order_by("pk")
    ]  # fmt: skip
    return "; ".join([account.holder.name, *places])


def _closing(found: Payoff, w: dict[str, str], language: str) -> list[str]:
    said = [w["a_day"].format(amount=money(found.a_day_cents), day=long_day(found.good_through, language))]
    if any(one.cents is None for one in found.unbilled):
        said.append(w["not_estimated"])
    held = found.deposits_cents
    said.append(w["deposits"].format(amount=money(held)) if held else w["no_deposits"])
    if found.plan is not None:
        said.append(w["plan"].format(amount=money(found.plan.stands.open_cents)))
    else:
        said.append(w["no_plan"])
    return [*said, w["liens"], w["final"]]
