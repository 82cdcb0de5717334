"""A card processor in the shape of Stripe Checkout: hosted pages, signed events, refunds, disputes. No money moves.

    POST /v1/checkout/sessions          as the `stripe` library sends it; Idempotency-Key is honoured
    POST /v1/refunds                    payment_intent, amount (cents; all that is left if not said)
    GET  /pay/SESSION                   the hosted page
    POST /pay/SESSION                   how=card: paid at once; how=echeck: pending; how=decline
    POST /sim/settle/SESSION            {"result": "succeeded" or "failed"}: a pending bank payment ends
    POST /sim/expire/SESSION            nobody paid in time
    POST /sim/dispute/INTENT            {"status": "needs_response"}; again with {"status": "won" or "lost"} it closes
    POST /sim/redeliver/EVENT           send an event once more
    GET  /sim/events                    every event, how often it was sent, and the last answer

An event is sent to the webhook signed (`Stripe-Signature`: t, v1 = HMAC-SHA256 of "t.body"), and again, up to four
times, until it is answered with 2xx.
"""

from __future__ import annotations

import hmac
import html
import json
import threading
import time
from datetime import UTC
from http.server import ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

import httpx

from meterbook.demo.simulators.serving import Asked, Clock, Route, Said, serve

_WAITS = (0.2, 0.5, 1.0)
_PAGE = """<!doctype html><html lang="en"><title>Pay</title><h1>{words}</h1><p>${amount}</p>
<form method="post"><p>This is a simulator. Key nothing; no money moves.</p>{buttons}</form></html>"""


class CardsSimulator:
    """Sessions, payments, disputes and the events about them."""

    def __init__(self, *, webhook: str, secret: str, clock: Clock) -> None:
        self.webhook, self.secret, self.clock = webhook, secret.encode(), clock
        self.base = ""
        self.sessions: dict[str, dict[str, Any]] = {}
        self.by_key: dict[str, str] = {}
        self.charges: dict[str, dict[str, Any]] = {}
        self.disputes: dict[str, dict[str, Any]] = {}
        self.events: dict[str, dict[str, Any]] = {}
        self.lock = threading.Lock()

    def begin(self, asked: Asked) -> Said:
        """A session, or the one the same key made before."""
        form = dict(parse_qsl(asked.body.decode()))
        cents = form.get("line_items[0][price_data][unit_amount]", "")
        if form.get("mode") != "payment" or not cents.isdigit() or not int(cents):
            return _error("mode: expected payment; unit_amount: expected cents above zero")
        key = asked.headers.get("idempotency-key", "")
        with self.lock:
            if key and key in self.by_key:
                return Said(200, self.sessions[self.by_key[key]])
            number = f"cs_test_{len(self.sessions) + 1:06d}_{int(self.clock().timestamp())}"
            made = {
                "id": number, "object": "checkout.session", "amount_total": int(cents), "currency": "usd",
                "status": "open", "payment_status": "unpaid", "payment_intent": None, "livemode": False,
                "client_reference_id": form.get("client_reference_id"), "url": f"{self.base}/pay/{number}",
                "metadata": {name[9:-1]: value for name, value in form.items() if name.startswith("metadata[")},
                "payment_method_types": [v for n, v in form.items() if n.startswith("payment_method_types")],
                "words": form.get("line_items[0][price_data][product_data][name]", "Payment"),
            }  # fmt: skip
            self.sessions[number] = made
            if key:
                self.by_key[key] = number
        return Said(200, made)

    def page(self, asked: Asked) -> Said:
        """The hosted page."""
        session = self.sessions.get(asked.found[0])
        if session is None:
            return Said(404, b"no such page", "text/html")
        ways = {"card": "Pay by card", "us_bank_account": "Pay from a bank account"}
        hows = [("echeck" if each == "us_bank_account" else each, ways[each])
                for each in session["payment_method_types"] if each in ways]  # fmt: skip
        buttons = "".join(
            f'<button name="how" value="{how}">{words}</button>' for how, words in [*hows, ("decline", "Declined card")]
        )
        cents = session["amount_total"]
        shown = _PAGE.format(
            words=html.escape(session["words"]), amount=f"{cents // 100}.{cents % 100:02d}", buttons=buttons
        )
        return Said(200, shown.encode(), "text/html; charset=utf-8")

    def pay(self, asked: Asked) -> Said:
        """What the payer chose on the page."""
        session = self.sessions.get(asked.found[0])
        how = dict(parse_qsl(asked.body.decode())).get("how", "")
        if session is None or session["status"] != "open":
            return Said(409, b"this page takes no payment any more", "text/html")
        if how == "decline":
            return Said(402, b"the card was declined", "text/html")
        if how not in ("card", "echeck"):
            return Said(400, b"how: expected card, echeck or decline", "text/html")
        intent = "pi_" + session["id"].removeprefix("cs_test_")
        session.update(status="complete", payment_intent=intent, payment_status="paid" if how == "card" else "unpaid")
        if how == "card":
            self._charge(session)
        self._tell("checkout.session.completed", session)
        return Said(200, b"Thank you.", "text/html")

    def settle(self, asked: Asked) -> Said:
        """A pending bank payment succeeds or fails."""
        session, result = self.sessions.get(asked.found[0]), _wish(asked, "result")
        if session is None or session["payment_status"] != "unpaid" or not session["payment_intent"]:
            return _error("no pending payment")
        if result == "succeeded":
            session["payment_status"] = "paid"
            self._charge(session)
        return self._said(f"checkout.session.async_payment_{result}", session)

    def expire(self, asked: Asked) -> Said:
        """Nobody paid in time."""
        session = self.sessions.get(asked.found[0])
        if session is None or session["status"] != "open":
            return _error("no open session")
        session["status"] = "expired"
        return self._said("checkout.session.expired", session)

    def refund(self, asked: Asked) -> Said:
        """Money goes back to the payer."""
        form = dict(parse_qsl(asked.body.decode()))
        charge = self.charges.get(form.get("payment_intent", ""))
        if charge is None:
            return _error("no such payment_intent")
        left = charge["amount"] - charge["amount_refunded"]
        cents = int(form.get("amount") or left)
        if not 0 < cents <= left:
            return _error(f"amount: expected 1 to {left}")
        charge["amount_refunded"] += cents
        return self._said("charge.refunded", charge)

    def dispute(self, asked: Asked) -> Said:
        """The payer's bank takes the money back, or the dispute ends."""
        charge, status = self.charges.get(asked.found[0]), _wish(asked, "status")
        if charge is None:
            return _error("no such payment")
        one = self.disputes.get(asked.found[0])
        new = one is None
        if one is None:
            one = self.disputes[asked.found[0]] = {
                "id": f"dp_{asked.found[0][3:]}", "object": "dispute", "payment_intent": asked.found[0],
                "charge": charge["id"], "amount": charge["amount"] - charge["amount_refunded"], "currency": "usd",
                "reason": "fraudulent",
            }  # fmt: skip
        one["status"] = status or "needs_response"
        return self._said("charge.dispute.created" if new else "charge.dispute.closed", one)

    def redeliver(self, asked: Asked) -> Said:
        """The same event once more."""
        sent = self.events.get(asked.found[0])
        if sent is None:
            return Said(404, {"error": "no such event"})
        return Said(200, {"id": asked.found[0], "answered": self._send(sent)})

    def told(self, asked: Asked) -> Said:
        """Every event, oldest first."""
        rows = [{"id": key, "type": each["event"]["type"], "sent": each["sent"], "answered": each["answered"]}
                for key, each in self.events.items()]  # fmt: skip
        return Said(200, {"events": rows})

    def _charge(self, session: dict[str, Any]) -> None:
        intent = session["payment_intent"]
        self.charges[intent] = {
            "id": f"ch_{intent[3:]}", "object": "charge", "payment_intent": intent, "amount": session["amount_total"],
            "amount_refunded": 0, "currency": "usd", "status": "succeeded", "metadata": session["metadata"],
        }  # fmt: skip

    def _said(self, kind: str, about: dict[str, Any]) -> Said:
        return Said(200, {"event": self._tell(kind, about)})

    def _tell(self, kind: str, about: dict[str, Any]) -> str:
        """Make an event of what something is now, and send it from a thread of its own."""
        with self.lock:
            number = f"evt_{len(self.events) + 1:06d}_{int(self.clock().timestamp())}"
            event = {"id": number, "object": "event", "type": kind, "created": int(self.clock().timestamp()),
                     "livemode": False, "data": {"object": json.loads(json.dumps(about))}}  # fmt: skip
            self.events[number] = {"event": event, "sent": 0, "answered": None}
        threading.Thread(target=self._until_taken, args=(self.events[number],), daemon=True).start()
        return number

    def _until_taken(self, sent: dict[str, Any]) -> None:
        for wait in (*_WAITS, None):
            answered = self._send(sent)
            if wait is None or (answered is not None and 200 <= answered < 300):
                return
            time.sleep(wait)

    def _send(self, sent: dict[str, Any]) -> int | None:
        body = json.dumps(sent["event"])
        at = int(self.clock().astimezone(UTC).timestamp())
        mark = hmac.digest(self.secret, f"{at}.{body}".encode(), "sha256").hex()
        sent["sent"] += 1
        headers = {"Stripe-Signature": f"t={at},v1={mark}", "Content-Type": "application/json"}
        try:
            answer = httpx.post(self.webhook, content=body, headers=headers, timeout=30)
        except httpx.HTTPError:
            return None
        sent["answered"] = answer.status_code
        return answer.status_code


def _wish(asked: Asked, name: str) -> str:
    found = asked.json()
    return str(found.get(name, "")) if isinstance(found, dict) else ""


def _error(message: str) -> Said:
    return Said(400, {"error": {"type": "invalid_request_error", "message": message}})


def cards_server(
    *, port: int, webhook: str, secret: str, clock: Clock, token: str = "", host: str = "127.0.0.1"
) -> ThreadingHTTPServer:
    """A server that plays a card processor and sends its events to ``webhook``; `serve_forever` runs it.

    ``token`` is asked for on the way in, as the processor asks for its key; the hosted page then cannot be opened by
    a browser, so a demo leaves it empty.
    """
    played = CardsSimulator(webhook=webhook, secret=secret, clock=clock)
    routes: list[Route] = [
        ("POST", "/v1/checkout/sessions", played.begin), ("POST", "/v1/refunds", played.refund),
        ("GET", "/pay/([^/]+)", played.page), ("POST", "/pay/([^/]+)", played.pay),
        ("POST", "/sim/settle/([^/]+)", played.settle), ("POST", "/sim/expire/([^/]+)", played.expire),
        ("POST", "/sim/dispute/([^/]+)", played.dispute), ("POST", "/sim/redeliver/([^/]+)", played.redeliver),
        ("GET", "/sim/events", played.told),
    ]  # fmt: skip
    server = serve(routes, port=port, token=token, host=host)
    played.base = f"http://{host}:{server.server_address[1]}"
    return server
