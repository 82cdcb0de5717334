"""What the cashier typed: rows of the slip as they stand, what the entry field means, and the slip that is taken."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from datetime import date

from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from meterbook.engine.cashiering.check_line import WrongCheckLine, read_check_line
from meterbook.engine.cashiering.keyed import WrongAmount, cents_of, keyed
from meterbook.engine.cashiering.rules import Sale
from meterbook.engine.cashiering.splitting import TENDERS
from meterbook.formats.contract import WrongFormat
from meterbook.formats.scanline import DEFAULT_LAYOUT, parse_scanline
from meterbook.records.cashiering import screens
from meterbook.records.cashiering.settings import sales_on
from meterbook.records.cashiering.slips import Given, Slip, Wanted
from meterbook.records.customers.queries import account_numbered
from meterbook.web.find.search import find

_MAGNETIC = 13  # so many digits are no check number
_MOST = 40


class WrongEntry(ValueError):
    """What was typed means nothing; says what to type."""


@dataclass
class Line:
    """A row of the slip: what it pays, the amount as typed, and what the cashier sees beside it."""

    kind: str
    account: str = ""
    code: str = ""
    amount: str = ""
    payer: screens.Payer | None = None
    words: str = ""

    @property
    def cents(self) -> int:
        """The amount typed; raises `WrongAmount`."""
        return cents_of(self.amount)


@dataclass
class Tendered:
    """A row of what is handed over, as typed."""

    kind: str
    amount: str = ""
    reference: str = ""


@dataclass
class Typed:
    """The page as it stands: its key, its lines and tenders, what the entry found, and what was wrong."""

    key: str
    day: date
    lines: list[Line] = field(default_factory=list)
    tenders: list[Tendered] = field(default_factory=list)
    found: list[screens.Payer] = field(default_factory=list)
    entry: str = ""
    wrong: str = ""
    focus: str = "entry"

    @property
    def total(self) -> int:
        """Cents to pay, as far as they can be read."""
        return _sum([line.amount for line in self.lines])

    @property
    def change(self) -> int:
        """Cents handed over beyond that; below zero what is missing."""
        return _sum([each.amount for each in self.tenders]) - self.total

    @property
    def sales(self) -> list[Sale]:
        """What is sold at the counter."""
        return list(sales_on(self.day).values())


def fresh(day: date) -> Typed:
    """An empty page with a key of its own."""
    return Typed(key=secrets.token_urlsafe(18), day=day, tenders=[Tendered(kind) for kind in TENDERS])


def typed(sent: QueryDict, day: date) -> Typed:
    """The page as it was sent."""
    page = Typed(
        key=sent.get("key", "")[:_MOST] or secrets.token_urlsafe(18), day=day, entry=sent.get("entry", "")[:90]
    )
    columns = [sent.getlist(name)[:_MOST] for name in ("kind", "account", "code", "amount")]
    page.lines = [Line(*(value[:_MOST].strip() for value in row)) for row in zip(*columns, strict=False)]
    rows = [sent.getlist(name)[:_MOST] for name in ("tender", "given", "reference")]
    page.tenders = [Tendered(*(value[:90].strip() for value in row)) for row in zip(*rows, strict=False)]
    page.tenders += [Tendered(kind) for kind in TENDERS if kind not in {each.kind for each in page.tenders}]
    drop, more = sent.get("drop", ""), sent.get("more", "")
    if drop.isdecimal() and int(drop) < len(page.lines):
        del page.lines[int(drop)]
    if more in TENDERS:
        page.tenders.append(Tendered(more))
        page.focus = f"given-{len(page.tenders) - 1}"
    _shown(page)
    return page


def enter(page: Typed, chosen: str = "") -> None:
    """Put what was entered, or chosen among what it found, on the slip as a line. Raises `WrongEntry`."""
    text = chosen or page.entry.strip()
    amount = ""
    if not text:
        return
    sale = sales_on(page.day).get(text.removeprefix("*").strip().lower())
    if sale is not None:
        page.lines.append(Line("sale", code=sale.code, amount="" if sale.cents is None else keyed(sale.cents)))
    else:
        number, amount = _scanned(text)
        numbers = [number] if number else _numbers(page, text)
        if not numbers:
            return
        page.lines.append(Line("payment", account=numbers[0], amount=amount))
    page.entry = ""
    _shown(page)
    last = page.lines[-1]
    if last.payer is not None and not last.amount and last.payer.balance_cents > 0:
        last.amount = keyed(last.payer.balance_cents)
    page.focus = f"amount-{len(page.lines) - 1}"


def slip_of(page: Typed) -> Slip:
    """The slip to take. Raises `WrongEntry` naming the row that cannot be read, and `LookupError` for an account."""
    lines = []
    for at, line in enumerate(page.lines, 1):
        account = account_numbered(line.account) if line.account else None
        lines.append(Wanted(line.kind, _cents(line.amount, _("Line %(line)s") % {"line": at}), account, line.code))
    tenders = [_given(each) for each in page.tenders if each.amount]
    language = "es" if (get_language() or "en").startswith("es") else "en"
    payers = [line.payer for line in page.lines if line.payer]
    return Slip(tuple(lines), tuple(tenders), payers[0].account.holder.language if payers else language)


def _given(row: Tendered) -> Given:
    cents = _cents(row.amount, _("What is handed over"))
    digits = sum(character.isdigit() for character in row.reference)
    if row.kind != "check" or digits < _MAGNETIC:
        return Given(row.kind, cents, row.reference)
    try:
        return Given(row.kind, cents, check=read_check_line(row.reference))
    except WrongCheckLine as wrong:
        raise WrongEntry(
            _("The line of the check cannot be read. Scan it again, or key the check's number.")
        ) from wrong


def _cents(text: str, where: str) -> int:
    try:
        return cents_of(text)
    except WrongAmount as wrong:
        raise WrongEntry(_("%(where)s: key an amount, like 8712 for $87.12.") % {"where": where}) from wrong


def _scanned(text: str) -> tuple[str, str]:
    """The account and amount of a stub's scanline; nothing where it is none. Raises `WrongEntry` for a bad one."""
    digits = "".join(text.split())
    if not re.fullmatch(r"[0-9]+", digits) or abs(len(digits) - DEFAULT_LAYOUT.width) > 2:
        return "", ""
    try:
        line = parse_scanline(digits)
    except WrongFormat as wrong:
        raise WrongEntry(_("The scan was misread. Scan the stub again, or key the account number.")) from wrong
    return line.account_number, keyed(line.amount_cents) if line.amount_cents else ""


def _numbers(page: Typed, text: str) -> list[str]:
    """The one account meant; several are put on the page to choose from. Raises `WrongEntry` for none."""
    groups = find(text, day=page.day, sees_contact=False, sees_money=False)
    ids = [one.account_id for group in groups for one in group.matches if one.account_id is not None]
    payers = screens.payers(list(dict.fromkeys(ids))[:9], page.day)
    exact = [one for one in payers if one.account.number == text.replace(" ", "")]
    if len(exact or payers) == 1:
        return [(exact or payers)[0].account.number]
    if not payers:
        raise WrongEntry(_("Nothing found. Type an account number, a name, an address, or scan the stub."))
    page.found = payers
    page.focus = "choose-0"
    return []


def _shown(page: Typed) -> None:
    """Put beside each line what the cashier sees of it; a line of an unknown account stays, marked."""
    ids = {}
    for line in page.lines:
        if line.account and line.account not in ids:
            try:
                ids[line.account] = account_numbered(line.account).pk
            except LookupError:
                page.wrong = _("Account %(number)s is not on record.") % {"number": line.account}
    known = {one.account.number: one for one in screens.payers(list(ids.values()), page.day)}
    sales, language = sales_on(page.day), "es" if (get_language() or "en").startswith("es") else "en"
    for line in page.lines:
        line.payer = known.get(line.account)
        line.words = sales[line.code].words[language] if line.code in sales else ""


def _sum(amounts: list[str]) -> int:
    total = 0
    for text in amounts:
        try:
            total += cents_of(text) if text else 0
        except WrongAmount:
            continue
    return total
