"""The pages of refunds open in both languages with something on them."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.web import refunded
from tests.web.conftest import SignedIn
from tests.web.office import Office

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_page_of_refunds_opens(office: Office, signed_in: SignedIn, language: str) -> None:
    client = signed_in("supervisor")
    client.cookies["django_language"] = language
    found = {name: reverse(name) for name in refunded.PLAIN}
    found |= {name: reverse(name, args=args) for name, args in refunded.arguments(office).items()}
    for name, address in found.items():
        answer = client.get(address)
        assert answer.status_code == 200, (name, answer.status_code)
        assert f'<html lang="{language}"' in answer.content.decode(), name
    assert "50021" in client.get(reverse("refund_checks")).content.decode()
