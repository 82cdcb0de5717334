"""The Spanish catalogue: found messages go in, the compiled catalogue comes out. Needs no gettext tools.

    python -m meterbook.config.catalogs update    add new messages to locale/es/LC_MESSAGES/django.po, drop dead ones
    python -m meterbook.config.catalogs check     name every message without Spanish; exit 1 if there is one

`compiled` is called by the settings: it compiles a catalogue whenever its text has changed, so that a fresh checkout
speaks Spanish on a machine that has nothing but Python. Notices keep their words in their own folders.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

ROOT = Path(__file__).resolve().parents[3]
PO = ROOT / "locale" / "es" / "LC_MESSAGES" / "django.po"
_KEYWORDS: dict[str, Any] = {
    "_": None,
    "N_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
#: What speaks for itself elsewhere: notices have their own catalogues, migrations have no readers.
_APART = ("notices", "migrations")


def compiled(sources: Path, into: Path) -> Path:
    """Compile every catalogue of ``sources`` whose text changed into ``into``; returns the folder to read from.

    A catalogue is compiled anew when the hash of its text is not the one noted beside the compiled file. A folder that
    cannot be written leaves the screens English rather than stopping the program.
    """
    for po in sources.glob("*/LC_MESSAGES/*.po"):
        text = po.read_bytes()
        target = into / po.relative_to(sources).with_suffix(".mo")
        noted = target.with_suffix(".sha256")
        digest = sha256(text).hexdigest()
        with suppress(OSError):
            if not target.exists() or not noted.exists() or noted.read_text() != digest:
                target.parent.mkdir(parents=True, exist_ok=True)
                _put(target, _machine(text))
                _put(noted, digest.encode())
    return into


def _machine(text: bytes) -> bytes:
    """A catalogue's text as gettext reads it; messages without a translation or marked fuzzy are left out."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    made = BytesIO()
    write_mo(made, read_po(BytesIO(text)))
    return made.getvalue()


def _put(target: Path, content: bytes) -> None:
    """Write a file so that nobody ever reads half of it."""
    handle, name = tempfile.mkstemp(dir=target.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(name).replace(target)


def messages() -> Iterator[tuple[str, int, Any, str | None]]:
    """Every message of the source and the templates: file, line, msgid (a pair where it has a plural), context."""
    from babel.messages.extract import extract
    from django.utils.translation.template import templatize

    for file in sorted((ROOT / "src").rglob("*")):
        name = file.relative_to(ROOT).as_posix()
        if file.suffix not in (".py", ".html") or any(f"/{part}/" in name for part in _APART):
            continue
        text = file.read_text(encoding="utf-8")
        if file.suffix == ".html":
            text = templatize(text, origin=name)
        for line, msgid, _comments, context in extract("python", BytesIO(text.encode()), keywords=_KEYWORDS):
            if msgid not in ("", ("", "")):
                yield name, line, msgid, context


def _found() -> Catalog:
    from babel.messages.catalog import Catalog

    catalog = Catalog(project="Meterbook", charset="utf-8", fuzzy=False)
    for name, _line, msgid, context in messages():
        catalog.add(msgid, locations=[(name, 0)], context=context)
    return catalog


def spanish() -> Catalog:
    """The Spanish catalogue as it stands."""
    from babel.messages.pofile import read_po

    with PO.open("rb") as file:
        return read_po(file, locale="es")


def missing() -> list[str]:
    """Messages that have no Spanish, or only a fuzzy one, with where they stand."""
    known = spanish()
    problems = []
    for message in _found():
        if not message.id:
            continue
        key = message.id[0] if isinstance(message.id, tuple) else message.id
        told = known.get(key, context=message.context)
        texts = (told.string if isinstance(told.string, tuple) else (told.string,)) if told else ("",)
        if told is None or told.fuzzy or not all(texts) or isinstance(message.id, tuple) != isinstance(told.id, tuple):
            problems.append(f"{message.locations[0][0]}: {key}")
    return problems


def update() -> list[str]:
    """Add new messages, drop those that are gone, keep what is translated; returns what still needs Spanish."""
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import write_po

    known = spanish() if PO.exists() else Catalog(locale="es")
    fresh = Catalog(locale="es", project="Meterbook", charset="utf-8", fuzzy=False)
    fresh.header_comment = "# Spanish of Meterbook's screens and explanations."
    for message in _found():
        if not message.id:
            continue
        key = message.id[0] if isinstance(message.id, tuple) else message.id
        told = known.get(key, context=message.context)
        kept = told.string if told is not None and isinstance(told.id, tuple) == isinstance(message.id, tuple) else None
        fuzzy = {"fuzzy"} if told is not None and told.fuzzy else set()
        places = sorted(set(message.locations))[:3]
        fresh.add(message.id, kept, locations=places, context=message.context, flags=message.flags | fuzzy)
    fresh.revision_date = fresh.creation_date
    made = BytesIO()
    write_po(made, fresh, width=110, sort_output=True, include_lineno=False, omit_header=False)
    idle = (b"-Date: ", b"EMAIL@ADDRESS", b"Language-Team: ", b"Generated-By: ")
    lines = [line for line in made.getvalue().splitlines(keepends=True) if not any(part in line for part in idle)]
    PO.parent.mkdir(parents=True, exist_ok=True)
    _put(PO, b"".join(lines))
    PO.chmod(0o644)
    return missing()


def main(arguments: list[str]) -> int:
    """Run `update` or `check` from the command line."""
    if arguments not in (["update"], ["check"]):
        sys.stderr.write(f"{__doc__}\n")
        return 2
    left = update() if arguments == ["update"] else missing()
    for problem in left:
        sys.stdout.write(f"{problem}\n")
    sys.stdout.write(f"{len(left)} without Spanish\n")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
