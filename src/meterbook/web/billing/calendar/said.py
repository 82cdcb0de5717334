"""The calendar's sentences and days in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from babel.dates import format_date
from django.utils.translation import gettext

from meterbook.engine.billing.calendar.words import TITLE, say
from meterbook.engine.trace import Step, Translate
from meterbook.records.billing.calendar.rules import spanish_names
from meterbook.web.kit.figures import babel_locale
from meterbook.web.kit.language import bilingual

_PATTERNS = {"en": ("EEE, MMM d", "EEE, MMM d, y"), "es": ("EEE d MMM", "EEE d MMM y")}


def title(kind: str) -> str:
    """What a kind of date is called."""
    return gettext(TITLE[kind])


def weekday_day(value: date, year: int | None = None) -> str:
    """A day with its weekday, Mon, Jul 6; with the year as well unless it is ``year``."""
    return str(format_date(value, _PATTERNS[bilingual()][value.year != year], locale=babel_locale()))


def weekday(value: date, year: int | None = None) -> str:
    """A short weekday, Mon; for a day of another year than ``year`` with it: Mon 2027."""
    return str(format_date(value, "EEE" if year in (None, value.year) else "EEE y", locale=babel_locale()))


def day_alone(value: date) -> str:
    """A day of a year that is known: Jul 6."""
    return str(format_date(value, "MMM d" if bilingual() == "en" else "d MMM", locale=babel_locale()))


def month_name(value: date) -> str:
    """A month: July."""
    return str(format_date(value, "LLLL", locale=babel_locale()))


def month_year(value: date) -> str:
    """A month with its year: July 2026."""
    return str(format_date(value, "LLLL y", locale=babel_locale()))


def translator() -> Translate:
    """The catalogue, and the utility's own holidays by the Spanish names its policy gives them."""
    own = spanish_names() if bilingual() == "es" else {}
    return lambda text: own.get(text) or gettext(text)


def sentence(step: Step, translate: Translate | None = None) -> str:
    """A sentence of a derivation."""
    return say(step, translate or translator(), weekday_day)


@contextmanager
def refused_in_words() -> Iterator[None]:
    """A refusal that names days names them as the page does."""
    try:
        yield
    except Exception as error:
        step = getattr(error, "step", None)
        if isinstance(step, Step):
            error.step = Step("{said}", {"said": sentence(step)})  # type: ignore[attr-defined]
        raise
