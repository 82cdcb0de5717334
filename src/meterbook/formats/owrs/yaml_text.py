"""Values as YAML text, so that what was a bare number in a file is written bare again."""

from __future__ import annotations

import io

import yaml

from meterbook.formats.owrs.document import Bare, Value

#: The C emitter where PyYAML was built with it; the same text.
_DUMPER: type[yaml.SafeDumper] = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_RESOLVER = yaml.resolver.Resolver()


class _Dumper(_DUMPER):  # type: ignore[misc, valid-type]
    """Writes `Bare` without quotes, lists indented, and never an alias."""

    def ignore_aliases(self, data: object) -> bool:
        """Every value is written out where it stands."""
        return True


def _bare(dumper: yaml.SafeDumper, data: Bare) -> yaml.ScalarNode:
    tag: str = _RESOLVER.resolve(yaml.ScalarNode, str(data), (True, False))  # type: ignore[no-untyped-call]
    return dumper.represent_scalar(tag, str(data))


_Dumper.add_representer(Bare, _bare)


def dump(value: Value) -> str:
    """YAML text of nested values; texts are quoted where YAML would read more than text into them.

    >>> print(dump({"price": Bare("2.10"), "zone": "2"}), end="")
    price: 2.10
    zone: '2'
    """
    out = io.StringIO()
    yaml.dump(value, out, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)
    return out.getvalue()
