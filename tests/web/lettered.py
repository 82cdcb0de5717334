"""Letters in the tests' office: a template, a letter to Ana, a mailing to both."""

from __future__ import annotations

from tests.web.office import BILL_2, Office, act

from meterbook.records.correspondence.models import LetterMerge, LetterTemplate, OfficeLetter
from meterbook.records.correspondence.operations.letters import merge_letters, write_letter
from meterbook.records.correspondence.operations.templates import TemplateText, begin_template

PLAIN = ("letters", "letter_templates", "begin_letter_template", "mailings", "begin_mailing")
POSTED_ONLY = {"use_letter_template"}
FILES = {"letter_file", "mailing_file"}
WELCOME = TemplateText(
    subject_en="Welcome to {utility}", body_en="Dear {name},\n\nyour account is {account}. You owe {balance}.",
    subject_es="Bienvenidos a {utility}", body_es="Estimado/a {name}:\n\nsu cuenta es {account}. Debe {balance}.",
)  # fmt: skip


def template(office: Office) -> LetterTemplate:
    """The letter that welcomes a customer."""
    found = LetterTemplate.objects.filter(code="welcome").first()
    return found or begin_template(
        act(office.staff["billing"], BILL_2), code="welcome", title_en="Welcome", title_es="Bienvenida", text=WELCOME
    )


def letter(office: Office) -> OfficeLetter:
    """A letter to Ana, written by hand."""
    found = OfficeLetter.objects.filter(account=office.ana, merge__isnull=True).first()
    return found or write_letter(
        act(office.staff["csr"], BILL_2), account=office.ana, language="es", subject="Su medidor",
        text="Estimada Ana:\n\ncambiaremos su medidor.",
    )  # fmt: skip


def mailing(office: Office) -> LetterMerge:
    """The welcome, to Ana and to Ben."""
    version = template(office).versions.get(sequence=1)
    return merge_letters(
        act(office.staff["billing"], BILL_2), version=version, accounts=[office.ana, office.ben], asked={},
        key="tests-office",
    )  # fmt: skip


def arguments(office: Office) -> dict[str, list[object]]:
    """The arguments of the pages of letters."""
    return {
        "letter": [letter(office).pk], "letter_template": [template(office).code], "mailing": [mailing(office).pk],
        "write_letter": [office.ana.number],
    }  # fmt: skip
