"""Taking money at the counter: several accounts, sales and deposits, several tenders, one receipt, one transaction."""

from __future__ import annotations

from collections import defaultdict

import polars as pl

from meterbook.engine.cashiering.rules import Sale
from meterbook.engine.cashiering.splitting import (
    CHECK,
    IN_DRAWER,
    ChangeOnlyFromCash,
    Handed,
    Laid,
    NothingOnIt,
    Piece,
    TooLittle,
    lay,
)
from meterbook.records.cashiering import booking
from meterbook.records.cashiering.models import Drawer, Receipt, ReceiptLine, ReceiptPart, Tender
from meterbook.records.cashiering.queries import lock_open, number_of, receipt_of_key
from meterbook.records.cashiering.refusals import (
    AlreadyTaken,
    BarredTender,
    DrawerOfAnotherDay,
    KeyUsed,
    NoChangeForThat,
    NothingPaid,
    NotYourDrawer,
    ShortOfMoney,
    said,
)
from meterbook.records.cashiering.settings import sales_on
from meterbook.records.cashiering.slips import Slip, check_slip
from meterbook.records.customers.relations import refuse_own
from meterbook.records.ledger.deposits.receiving import receive_deposit
from meterbook.records.ledger.models import LedgerAccount
from meterbook.records.ledger.settle import lock_accounts
from meterbook.records.ledger.transfers import NoLedgerAccount
from meterbook.records.payments.marks import payer_mark
from meterbook.records.payments.receiving import receive
from meterbook.records.platform.deeds import Act, operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import CASHIER, CSR, SUPERVISOR
from meterbook.records.returns.bans import banned_tenders


def taken(act: Act, *, drawer: Drawer, slip: Slip, key: str) -> Receipt:
    """Take a receipt, or find the one this key made before: sending the same slip twice gives the same receipt.

    Raises what `take_receipt` raises.
    """
    known = receipt_of_key(key)
    if known is not None:
        return _same(known, act.actor.pk, slip)
    try:
        return take_receipt(act, drawer=drawer, slip=slip, key=key)
    except AlreadyTaken as before:
        return _same(before.receipt, act.actor.pk, slip)


@operation("cashiering.take_receipt", roles={CASHIER, CSR, SUPERVISOR})
def take_receipt(deed: Deed, *, drawer: Drawer, slip: Slip, key: str) -> Receipt:
    """Take what was handed over and book it: payments settle bills, sales and deposits go where they belong.

    The drawer's row is locked first, then the accounts in their order, so that cashiers wait for one another only on
    the same account. Raises `NotYourDrawer`, `DrawerNotOpen`, `DrawerOfAnotherDay`, `NothingPaid`, `WrongLine`,
    `FixedPrice`, `ShortOfMoney`, `NoChangeForThat`, `WrongTender`, `BarredTender`, `OwnAccount`, `NoLedgerAccount`,
    and `AlreadyTaken` where the key made a receipt before; see `taken`.
    """
    locked = lock_open(drawer.pk)
    if locked.cashier_id != deed.actor.pk:
        raise NotYourDrawer(cashier=str(locked.cashier))
    if (known := receipt_of_key(key)) is not None:
        raise AlreadyTaken(known)
    if locked.business_date != deed.business_date:
        raise DrawerOfAnotherDay(station=locked.station)
    sales = sales_on(deed.business_date)
    check_slip(slip, sales, deed.business_date)
    _check_accounts(deed, slip)
    laid = _laid(slip)
    lock_accounts([account.pk for account in slip.accounts])
    receipt = _written(deed, locked, slip, laid, key)
    lines, tenders = _lines(receipt, slip, sales), _tenders(receipt, slip)
    _book(deed, slip, laid, lines, tenders)
    tell(
        deed, "cashiering.receipt_taken", receipt=receipt.pk, drawer=locked.pk, cents=receipt.total_cents,
        accounts=[account.pk for account in slip.accounts],
    )  # fmt: skip
    return receipt


def _same(known: Receipt, user_id: int, slip: Slip) -> Receipt:
    if known.drawer.cashier_id != user_id:
        raise NotYourDrawer(cashier=str(known.drawer.cashier))
    if known.digest != slip.digest:
        raise KeyUsed(number=number_of(known))
    return known


def _check_accounts(deed: Deed, slip: Slip) -> None:
    """Nobody takes money on an own account, and nobody a tender an account is barred from."""
    for account in slip.accounts:
        refuse_own(deed.actor, account, deed.business_date)
    barred = banned_tenders([account.pk for account in slip.accounts], deed.business_date)
    for account in slip.accounts:
        for tender in slip.tenders:
            if tender.kind in barred.get(account.pk, ()):
                raise BarredTender(number=account.number, tender=tender.kind.replace("_", " "))


def _laid(slip: Slip) -> Laid:
    try:
        return lay([line.cents for line in slip.lines], [Handed(each.kind, each.cents) for each in slip.tenders])
    except NothingOnIt as refused:
        raise NothingPaid() from refused
    except TooLittle as refused:
        raise ShortOfMoney(missing=said(refused.missing)) from refused
    except ChangeOnlyFromCash as refused:
        raise NoChangeForThat() from refused


def _written(deed: Deed, drawer: Drawer, slip: Slip, laid: Laid, key: str) -> Receipt:
    """The receipt under the drawer's next number."""
    drawer.receipts += 1
    drawer.save(update_fields=["receipts"])
    return Receipt.objects.create(
        drawer=drawer, number=drawer.receipts, key=key, digest=slip.digest, received_on=deed.business_date,
        language=slip.language, total_cents=sum(line.cents for line in slip.lines), change_cents=laid.change, deed=deed,
    )  # fmt: skip


def _lines(receipt: Receipt, slip: Slip, sales: dict[str, Sale]) -> list[ReceiptLine]:
    """The lines as rows; a deposit's line is written once there is a deposit, see `_book`."""
    made = []
    for at, line in enumerate(slip.lines, 1):
        row = ReceiptLine(
            receipt=receipt, position=at, kind=line.kind, account=line.account, amount_cents=line.cents, code=line.code
        )
        if line.kind == ReceiptLine.SALE:
            sale = sales[line.code]
            row.words_en, row.words_es, row.against = sale.words["en"], sale.words["es"], _chart(sale.account)
        made.append(row)
    return made


def _chart(code: str) -> LedgerAccount:
    found = LedgerAccount.objects.filter(code=code).first()
    if found is None:
        raise NoLedgerAccount(f"the chart of accounts has no account {code}")
    return found


def _tenders(receipt: Receipt, slip: Slip) -> list[Tender]:
    rows = []
    for at, given in enumerate(slip.tenders, 1):
        row = Tender(
            receipt=receipt, position=at, kind=given.kind, amount_cents=given.cents, reference=given.reference.strip()
        )
        if given.kind == CHECK and given.check is not None:
            row.routing, row.masked = given.check.routing, given.check.masked
            row.reference = row.reference or given.check.number
            row.payer_mark = payer_mark(given.check.routing, given.check.account)
        rows.append(row)
    return Tender.objects.bulk_create(rows)


def _book(deed: Deed, slip: Slip, laid: Laid, lines: list[ReceiptLine], tenders: list[Tender]) -> None:
    """Deposits, then the lines themselves, payments, sales, and the parts that join them to their tenders."""
    shares = [_shares(at, laid, tenders) for at in range(len(lines))]
    for line, places in zip(lines, shares, strict=True):
        if line.kind == ReceiptLine.DEPOSIT:
            assert line.account is not None
            line.deposit = receive_deposit(deed, account=line.account, into=places, received_on=deed.business_date)
            tell(
                deed, "ledger.deposit_received", account=line.account.pk, deposit=line.deposit.pk,
                cents=line.amount_cents,
            )  # fmt: skip
    ReceiptLine.objects.bulk_create(lines)
    payments = _pay(deed, laid, lines, tenders)
    ReceiptPart.objects.bulk_create(
        ReceiptPart(
            line=lines[piece.line], tender=tenders[piece.tender], amount_cents=piece.cents,
            payment_id=payments.get(piece),
        )
        for piece in laid.pieces
    )  # fmt: skip
    for line, places in zip(lines, shares, strict=True):
        if line.kind == ReceiptLine.SALE:
            booking.sell(deed, line, places)


def _shares(line: int, laid: Laid, tenders: list[Tender]) -> list[booking.Share]:
    """What of a line lies in the drawer, and what is on its way."""
    cents: dict[bool, int] = defaultdict(int)
    for piece in laid.pieces:
        if piece.line == line:
            cents[tenders[piece.tender].kind in IN_DRAWER] += piece.cents
    return [(booking.place_of("cash" if inside else "card"), part) for inside, part in sorted(cents.items())]


def _pay(deed: Deed, laid: Laid, lines: list[ReceiptLine], tenders: list[Tender]) -> dict[Piece, int]:
    """Every piece that pays an account's bill as a payment; its id by piece."""
    found: dict[Piece, int] = {}
    for inside in (True, False):
        pieces = [
            piece
            for piece in laid.pieces
            if lines[piece.line].kind == ReceiptLine.PAYMENT and (tenders[piece.tender].kind in IN_DRAWER) == inside
        ]
        if not pieces:
            continue
        rows = pl.DataFrame([_payment(deed, piece, lines[piece.line], tenders[piece.tender]) for piece in pieces])
        into = booking.place_of("cash" if inside else "card")
        ids = receive(deed, rows, into=into, effective_on=deed.business_date)["id"]
        found |= dict(zip(pieces, ids.to_list(), strict=True))
    return found


def _payment(deed: Deed, piece: Piece, line: ReceiptLine, tender: Tender) -> dict[str, object]:
    assert line.account is not None
    return {
        "account_id": line.account.pk, "written_account": line.account.number, "amount_cents": piece.cents,
        "received_on": deed.business_date, "tender": tender.kind, "reference": tender.reference,
        "payer_mark": tender.payer_mark, "key": f"counter:{line.receipt.key}:{piece.line}:{piece.tender}",
    }  # fmt: skip
