"""A receipt by e-mail: the printed page as a PDF, in the receipt's language."""

from __future__ import annotations

from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext

from meterbook.notices.receipt import render_receipt
from meterbook.records.cashiering.operations.send_receipt import send_receipt
from meterbook.records.cashiering.queries import number_of, receipt_with_id
from meterbook.records.platform.deeds import Act
from meterbook.records.platform.queries import utility


def send(act: Act, receipt_id: int, address: str) -> None:
    """Send a receipt to an address and keep who did it. Raises `NoReceipt` and whatever the mail server refuses."""
    receipt, sender = receipt_with_id(receipt_id), utility()
    pdf = render_receipt(receipt_id, paper="letter")
    number = number_of(receipt)
    with translation.override(receipt.language):
        subject = gettext("Receipt %(number)s") % {"number": number}
        body = gettext("Your receipt from %(utility)s is attached. Thank you.") % {"utility": sender.name}
    send_receipt(act, receipt=receipt, address=address)
    mail = EmailMessage(subject=subject, body=body, from_email=sender.email, to=[address])
    mail.attach(f"receipt-{number}.pdf", pdf, "application/pdf")
    mail.send()
