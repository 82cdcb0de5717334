"""A hosted payment page for an account: staff hand its address to the customer."""

from __future__ import annotations

from meterbook.engine.money import dollars
from meterbook.records.customers.models import Account
from meterbook.records.customers.relations import refuse_own
from meterbook.records.ledger.settle import lock_accounts
from meterbook.records.online.models import Checkout
from meterbook.records.online.processor import make_page
from meterbook.records.online.refusals import AmountOutside, CheckoutKeyUsed, NoTenderLeft, TooManyPages
from meterbook.records.online.rules import CardRules, card_rules_on
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.queries import utility
from meterbook.records.platform.roles import BILLING, CASHIER, CSR, FINANCE, SUPERVISOR
from meterbook.records.returns.bans import banned_tenders


@operation("online.begin_checkout", roles={CSR, CASHIER, BILLING, SUPERVISOR, FINANCE})
def begin_checkout(deed: Deed, *, account: Account, cents: int, key: str) -> Checkout:
    """A page that takes ``cents`` for an account; the same ``key`` again gives the same page.

    Raises `AmountOutside`, `NoTenderLeft`, `TooManyPages`, `CheckoutKeyUsed`, `OwnAccount`, `NoPolicy`, `NotConfigured`
    and `ProcessorSaysNo`; nothing is on record then.
    """
    lock_accounts([account.pk])
    refuse_own(deed.actor, account, deed.business_date)
    before = Checkout.objects.filter(key=key).first()
    if before is not None:
        if (before.account_id, before.amount_cents) != (account.pk, cents):
            raise CheckoutKeyUsed()
        tell(deed, "online.checkout_begun", checkout=before.pk, account=account.pk, cents=cents, again=True)
        return before
    rules = card_rules_on(deed.business_date)
    tenders = _allowed(rules, account, cents, deed)
    words = f"{utility().name}: account {account.number}"
    page = make_page(number=account.number, cents=cents, key=key, tenders=tenders, words=words)
    made = Checkout.objects.create(
        account=account, amount_cents=cents, key=key, session=page.session, url=page.url, deed=deed
    )
    tell(deed, "online.checkout_begun", checkout=made.pk, account=account.pk, cents=cents, again=False)
    return made


def _allowed(rules: CardRules, account: Account, cents: int, deed: Deed) -> list[str]:
    """The ways this account may pay this amount online."""
    if not rules.least <= cents <= rules.most:
        raise AmountOutside(least=f"${dollars(rules.least):,}", most=f"${dollars(rules.most):,}")
    barred = banned_tenders([account.pk], deed.business_date).get(account.pk, frozenset())
    tenders = [each for each in rules.tenders if each not in barred]
    if not tenders:
        raise NoTenderLeft(number=account.number)
    today = Checkout.objects.filter(account=account, deed__business_date=deed.business_date).count()
    if today >= rules.a_day:
        raise TooManyPages(number=account.number, count=today)
    return tenders
