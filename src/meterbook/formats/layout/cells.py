"""One field's text to its value and back.

>>> from meterbook.formats.layout.shape import Field
>>> reading = Field("reading", 1, 8, "number", "", decimals=2)
>>> value_of("00022760", reading), text_of(Decimal("227.6"), reading)
(Decimal('227.60'), '00022760')
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

from meterbook.formats.contract import plain_number
from meterbook.formats.layout.shape import Field

Value = str | Decimal | dt.date | dt.time | None
_DIGITS = re.compile(r"[0-9]{1,18}", re.ASCII)
_PIECES = {"YYYY": r"(?P<year>[0-9]{4})", "YY": r"(?P<short>[0-9]{2})", "MM": "(?P<month>[0-9]{2})",
           "DD": "(?P<day>[0-9]{2})", "HH": "(?P<hour>[0-9]{2})", "SS": "(?P<second>[0-9]{2})"}  # fmt: skip


class NotThat(ValueError):
    """The text is not what the field holds; the message says what is expected."""


def value_of(text: str, field: Field) -> Value:
    """What stands in a field; None for blanks. Raises `NotThat`."""
    bare = text.strip()
    if field.type == "fixed":
        if bare != field.value.strip():
            raise NotThat(repr(field.value))
        return None
    if not bare:
        if field.needed or field.type in ("count", "sum"):
            raise NotThat("something: the field must be filled")
        return None
    if field.type == "code":
        for code, word in field.codes:
            if bare == code.strip():
                return word
        raise NotThat(f"one of {', '.join(code for code, _ in field.codes)}")
    if field.type in ("number", "count", "sum"):
        if not _DIGITS.fullmatch(bare):
            raise NotThat(f"digits, the last {field.decimals} behind the point" if field.decimals else "digits")
        return Decimal(bare).scaleb(-field.decimals)
    if field.type == "decimal":
        number = plain_number(bare)
        if number is None:
            raise NotThat("a number such as 227.6")
        return number
    if field.type in ("date", "time"):
        return _moment(bare, field)
    if not bare.isprintable():
        raise NotThat("printable text")
    return bare


def text_of(value: Value, field: Field) -> str:
    """A value as its field holds it, filled to its length. Raises `ValueError` when it does not fit."""
    text = _plain(value, field)
    if field.needed and not text.strip():
        raise ValueError(f"{field.name}: the layout needs it")
    if field.length and len(text) > field.length:
        raise ValueError(f"{field.name}: {text!r} does not fit {field.length} places")
    if not field.length:
        return text
    number = field.type in ("number", "count", "sum") and text
    return text.rjust(field.length, "0") if number else text.ljust(field.length)


def _plain(value: Value, field: Field) -> str:
    if field.type == "fixed":
        return field.value
    if value is None or value == "":
        return ""
    if field.type == "code":
        return next((code for code, word in field.codes if word == value), "") or _no_code(value, field)
    if isinstance(value, Decimal):
        if value < 0 or not value.is_finite():
            raise ValueError(f"{field.name}: {value} cannot be written")
        if field.type == "decimal":
            return f"{value:f}"
        scaled = value.scaleb(field.decimals)
        if scaled != scaled.to_integral_value():
            raise ValueError(f"{field.name}: {value} has more than {field.decimals} decimals")
        return f"{scaled.to_integral_value():f}"
    if isinstance(value, dt.time):
        return _spelled(field.format.replace("MM", "mm"), value)
    if isinstance(value, dt.date):
        return _spelled(field.format, value)
    if value != value.strip() or not value.isprintable():
        raise ValueError(f"{field.name}: {value!r} is no printable text without outer blanks")
    return value


def _no_code(value: Value, field: Field) -> str:
    raise ValueError(f"{field.name}: the layout has no code for {value!r}")


def _spelled(format_: str, moment: dt.date | dt.time) -> str:
    words = {"YYYY": "%Y", "YY": "%y", "MM": "%m", "DD": "%d", "HH": "%H", "mm": "%M", "SS": "%S"}
    spelled = re.sub("YYYY|YY|MM|DD|HH|mm|SS", lambda found: words[found.group()], format_)
    text = moment.strftime(spelled)
    if isinstance(moment, dt.date) and "YYYY" not in format_ and not 2000 <= moment.year <= 2099:
        raise ValueError(f"date {moment}: a two-digit year means 2000 to 2099")
    return text.rjust(len(format_), "0")


def _moment(text: str, field: Field) -> dt.date | dt.time:
    pattern = re.sub("YYYY|YY|MM|DD|HH|SS", lambda found: _PIECES[found.group()], field.format)
    found = re.fullmatch(pattern, text, re.ASCII)
    try:
        if found is None:
            raise NotThat(f"{field.type} {field.format}")
        at = {name: int(number) for name, number in found.groupdict().items()}
        if field.type == "time":
            return dt.time(at["hour"], at["month"], at.get("second", 0))
        return dt.date(at.get("year", 2000 + at.get("short", 0)), at["month"], at["day"])
    except NotThat:
        raise
    except ValueError as error:
        raise NotThat(f"{field.type} {field.format}") from error
