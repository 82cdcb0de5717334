"""The card processor (Stripe): makes hosted pages, and proves that an event is its own. Secrets from the environment.

METERBOOK_STRIPE_KEY, METERBOOK_STRIPE_WEBHOOK_SECRET; METERBOOK_STRIPE_API_BASE names another server than the
processor's (the simulator); METERBOOK_PUBLIC_URL is where the payer's browser comes back to.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import stripe

from meterbook.records.online.refusals import NotConfigured, ProcessorSaysNo, WrongSignature

#: Seconds a signature is good for, and seconds we wait for the processor.
TOLERANCE, TIMEOUT = 300, 10
_METHODS = {"card": "card", "echeck": "us_bank_account"}


@dataclass(frozen=True, slots=True)
class Page:
    """A hosted page: the processor's id of its session, and its address."""

    session: str
    url: str


def make_page(*, number: str, cents: int, key: str, tenders: Sequence[str], words: str) -> Page:
    """A hosted page for ``cents`` onto account ``number``; the same ``key`` is the same page.

    Raises `NotConfigured` and `ProcessorSaysNo`.
    """
    told = {"account_number": number, "checkout": key}
    back = f"{os.environ.get('METERBOOK_PUBLIC_URL', 'http://127.0.0.1:8000').rstrip('/')}/hooks/cards/thanks/"
    params: Any = {
        "mode": "payment",
        "payment_method_types": [_METHODS[each] for each in tenders],
        "line_items": [
            {"quantity": 1,
             "price_data": {"currency": "usd", "unit_amount": cents, "product_data": {"name": words}}}
        ],
        "client_reference_id": number,
        "metadata": told,
        "payment_intent_data": {"metadata": told},
        "success_url": back,
        "cancel_url": back,
    }  # fmt: skip
    try:
        made = _client().v1.checkout.sessions.create(params, {"idempotency_key": key})
    except stripe.StripeError as error:
        raise ProcessorSaysNo(code=str(error.code or error.http_status or type(error).__name__)) from error
    if not made.url:
        raise ProcessorSaysNo(code="no page")
    return Page(made.id, made.url)


def prove(raw: bytes, signature: str) -> None:
    """Raise `WrongSignature` unless the processor signed these bytes within the last five minutes."""
    secret = os.environ.get("METERBOOK_STRIPE_WEBHOOK_SECRET", "")
    if not secret:
        raise WrongSignature("METERBOOK_STRIPE_WEBHOOK_SECRET is missing: no event can be proved")
    try:
        stripe.WebhookSignature.verify_header(raw, signature, secret, TOLERANCE)
    except (stripe.SignatureVerificationError, UnicodeDecodeError) as error:
        raise WrongSignature("the signature is missing, wrong or old") from error


def _client() -> stripe.StripeClient:
    key, base = os.environ.get("METERBOOK_STRIPE_KEY", ""), os.environ.get("METERBOOK_STRIPE_API_BASE", "")
    if not key:
        raise NotConfigured()
    addresses: Any = {"api": base.rstrip("/")} if base else None
    waits: Any = stripe.RequestsClient(timeout=TIMEOUT)
    return stripe.StripeClient(key, base_addresses=addresses, max_network_retries=2, http_client=waits)
