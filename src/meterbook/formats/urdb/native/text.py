"""A tariff document as YAML text: numbers as they are, no floats, short lists on one line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import yaml

from meterbook.formats.contract import WrongFormat

#: The C library where PyYAML was built with it; the same language.
_SAFE_DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_BASE_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class _Dumper(_SAFE_DUMPER):  # type: ignore[misc]
    """Writes exact numbers plainly and keeps the order of keys."""

    def ignore_aliases(self, data: Any) -> bool:
        """Every value is written out: a document admits no aliases."""
        return True


def _decimal(dumper: yaml.SafeDumper, value: Decimal) -> yaml.Node:
    text = plain(value)
    return dumper.represent_scalar(f"tag:yaml.org,2002:{'float' if '.' in text else 'int'}", text)


def _date(dumper: yaml.SafeDumper, value: date) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:timestamp", value.isoformat())


def _pairs(dumper: yaml.SafeDumper, value: Mapping[str, Any]) -> yaml.Node:
    flat = len(value) <= 4 and not any(isinstance(item, dict | list) for item in value.values())
    short = flat and sum(len(str(key)) + len(str(item)) for key, item in value.items()) < 90
    return dumper.represent_mapping("tag:yaml.org,2002:map", value.items(), flow_style=short)


def _items(dumper: yaml.SafeDumper, value: list[Any]) -> yaml.Node:
    flat = not any(isinstance(item, dict | list) for item in value)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=flat)


_Dumper.add_representer(Decimal, _decimal)
_Dumper.add_representer(date, _date)
_Dumper.add_representer(dict, _pairs)
_Dumper.add_representer(list, _items)


def plain(value: Decimal) -> str:
    """A number without exponent, trailing zeros or a needless point.

    >>> plain(Decimal("0.1200")), plain(Decimal("1E+3"))
    ('0.12', '1000')
    """
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def document_text(document: Mapping[str, Any]) -> str:
    """The document as YAML, keys in their order."""
    return yaml.dump(dict(document), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=116)


def as_read(document: Mapping[str, Any] | str) -> dict[str, Any]:
    """A document as a reader sees it: every scalar as the text that stands there."""
    text = document if isinstance(document, str) else document_text(document)
    found = yaml.load(text, Loader=_BASE_LOADER)
    if not isinstance(found, dict) or not isinstance(found.get("versions"), list):
        raise WrongFormat(
            "not a tariff document", line=0, field="document", found="", expected="a tariff with versions"
        )
    return found
