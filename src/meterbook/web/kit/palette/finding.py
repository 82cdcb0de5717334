"""What was typed into the palette, answered: actions by code or words, accounts by number or name."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext

from meterbook.web.kit.access import may, roles_held
from meterbook.web.kit.palette.actions import ACTIONS, Action

AT_MOST = 12


@dataclass(frozen=True, slots=True)
class Offer:
    """One line of the palette: words, where it leads, the code that does the same, whose account."""

    title: str
    href: str
    code: str = ""
    about: str = ""


def offers(request: HttpRequest, typed: str) -> list[Offer]:
    """What the palette shows for what was typed, the surest first."""
    wanted, number = _parted(typed)
    pinned = request.session.get("pinned")
    in_hand = number or (pinned["number"] if pinned else "")
    about = _name(request, in_hand)
    found = [(rank, action) for action in ACTIONS if (rank := _rank(action, wanted)) and _shown(request, action)]
    found.sort(key=lambda each: -each[0])
    made = [offer for _rank, action in found if (offer := _offer(action, in_hand, about))]
    accounts = _accounts(request, wanted, number)
    return (accounts + made if number and not wanted else made + accounts)[:AT_MOST]


def codes(request: HttpRequest) -> list[Action]:
    """Every action this reader may do, by its command code."""
    return sorted((each for each in ACTIONS if _shown(request, each)), key=lambda each: each.code)


def _parted(typed: str) -> tuple[str, str]:
    """Words and account number: ``:pay 1000017`` is about that account, whatever is in hand."""
    words = typed.strip().removeprefix(":").split()
    numbers = [word for word in words if word.isascii() and word.isdigit() and len(word) >= 4]
    return _plain(" ".join(word for word in words if word not in numbers)), numbers[0] if numbers else ""


def _plain(text: str) -> str:
    """Letters as one types them in a hurry: small, without accents."""
    return "".join(one for one in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(one))


def _rank(action: Action, wanted: str) -> int:
    """How well an action fits: its code, the start of its code, every word the start of a word of its title."""
    if not wanted:
        return 1
    if action.code == wanted:
        return 4
    title = _plain(str(action.title)).split()
    if all(any(word.startswith(part) for word in title) for part in wanted.split()):
        return 3
    return 2 if action.code.startswith(wanted) else 0


def _shown(request: HttpRequest, action: Action) -> bool:
    return bool(action.section.roles & roles_held(request)) and (not action.operation or may(request, action.operation))


def _offer(action: Action, number: str, about: str) -> Offer | None:
    """The action with its address; an account's action without an account leads to finding one, nothing is hidden."""
    try:
        if action.account and not number:
            return Offer(str(action.title), reverse("find"), action.code, gettext("find the account first"))
        takes = [number] if action.account and "account=" not in action.query else []
        href = reverse(action.url_name, args=takes)
    except NoReverseMatch:
        return None
    if action.query and ("{number}" not in action.query or number):
        href += "?" + action.query.format(number=number)
    return Offer(str(action.title), href, action.code, about if action.account or (number and action.query) else "")


def _name(request: HttpRequest, number: str) -> str:
    known = [request.session.get("pinned"), *request.session.get("recent", [])]
    name = next((each["name"] for each in known if each and each["number"] == number), "")
    return f"{number} {name}".strip()


def _accounts(request: HttpRequest, wanted: str, number: str) -> list[Offer]:
    """Accounts looked at lately that fit; a number nobody looked at is offered as it stands."""
    found = [
        Offer(each["name"], reverse("account", args=[each["number"]]), "", each["number"])
        for each in request.session.get("recent", [])
        if (number and each["number"].startswith(number)) or (wanted and wanted in _plain(each["name"]))
    ]
    if number and not any(each.about == number for each in found):
        found.append(Offer(gettext("Find %(number)s") % {"number": number}, f"{reverse('find')}?q={number}"))
    return found
