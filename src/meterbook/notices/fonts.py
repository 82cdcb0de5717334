"""The fonts of everything printed, from a pinned package, and which characters they can print.

`font_folder` writes them once into the user's cache, in a folder named by their content; Typst reads them from there
and nowhere else. `unprintable` reads the fonts' own character maps, so that a name no font can print is found before
a batch is set.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import unicodedata
from functools import cache
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from struct import unpack_from

#: Module of ``pymupdf_fonts`` for each file; the first two set everything, Noto fills in, Space Mono is the scanline.
FONTS = ("FiraGO_Regular", "FiraGO_Bold", "NotoSans_Regular", "NotoSans_Bold", "SpaceMono_Regular")
#: Fonts whose characters count as printable. Bold shows the same characters as regular, checked by a test.
TEXT_FONTS = ("FiraGO_Regular", "NotoSans_Regular")


@cache
def _bytes() -> dict[str, bytes]:
    return {name: bytes(import_module(f"pymupdf_fonts.{name}").fontbuffer) for name in FONTS}


@cache
def fonts_sha256() -> str:
    """The digest of every font's content, in order."""
    digest = sha256()
    for content in _bytes().values():
        digest.update(sha256(content).digest())
    return digest.hexdigest()


def _cache_home() -> Path:
    if os.name == "nt":
        return Path(os.environ.get("LOCALAPPDATA") or tempfile.gettempdir())
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def _write(home: Path) -> Path:
    """Write the fonts below ``home`` unless they stand there whole; another process may be doing the same."""
    folder = home / "meterbook" / "fonts" / fonts_sha256()[:16]
    whole = all(
        (file := folder / f"{name}.ttf").is_file() and file.read_bytes() == content
        for name, content in _bytes().items()
    )
    if whole:
        return folder
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix="writing-", dir=folder.parent))
    for name, content in _bytes().items():
        (fresh / f"{name}.ttf").write_bytes(content)
    try:
        if folder.exists():
            folder.replace(fresh / "damaged")
        fresh.replace(folder)
    except OSError:
        shutil.rmtree(fresh, ignore_errors=True)
        if not folder.is_dir():
            raise
    shutil.rmtree(folder / "damaged", ignore_errors=True)
    return folder


@cache
def font_folder() -> Path:
    """The folder that holds the fonts: in the user's cache, or a temporary one where that cannot be written."""
    try:
        return _write(_cache_home())
    except (OSError, RuntimeError):
        return _write(Path(tempfile.mkdtemp(prefix="meterbook-")))


def _segments(data: bytes, at: int) -> set[int]:
    """Characters of a format 4 table (OpenType `cmap`): segments of 16-bit codes."""
    (double,) = unpack_from(">H", data, at + 6)
    count = double // 2
    ends = unpack_from(f">{count}H", data, at + 14)
    starts = unpack_from(f">{count}H", data, at + 16 + double)
    deltas = unpack_from(f">{count}H", data, at + 16 + 2 * double)
    ranges_at = at + 16 + 3 * double
    ranges = unpack_from(f">{count}H", data, ranges_at)
    found: set[int] = set()
    for segment, (start, end) in enumerate(zip(starts, ends, strict=True)):
        for code in range(start, min(end, 0xFFFE) + 1):
            glyph = code
            if ranges[segment]:
                (glyph,) = unpack_from(">H", data, ranges_at + 2 * segment + ranges[segment] + 2 * (code - start))
            if glyph and (glyph + deltas[segment]) % 0x10000:
                found.add(code)
    return found


def _groups(data: bytes, at: int) -> set[int]:
    """Characters of a format 12 table: groups of 32-bit codes."""
    (count,) = unpack_from(">I", data, at + 12)
    found: set[int] = set()
    for group in range(count):
        start, end, glyph = unpack_from(">III", data, at + 16 + 12 * group)
        found.update(range(start if glyph else start + 1, end + 1))
    return found


def characters(font: bytes) -> frozenset[int]:
    """Every character a TrueType or OpenType font has a glyph for, from its ``cmap`` table."""
    (tables,) = unpack_from(">H", font, 4)
    found: set[int] = set()
    for table in range(tables):
        tag, _, offset, _ = unpack_from(">4sIII", font, 12 + 16 * table)
        if tag != b"cmap":
            continue
        (maps,) = unpack_from(">H", font, offset + 2)
        for at in {unpack_from(">I", font, offset + 4 + 8 * entry + 4)[0] for entry in range(maps)}:
            (kind,) = unpack_from(">H", font, offset + at)
            read = {4: _segments, 12: _groups}.get(kind)
            found |= read(font, offset + at) if read else set()
    return frozenset(found)


@cache
def printable() -> frozenset[str]:
    """Every character print can show."""
    codes = frozenset[int]().union(*(characters(_bytes()[name]) for name in TEXT_FONTS))
    return frozenset(map(chr, codes))


def unprintable(text: str) -> str:
    """The characters of ``text`` no font of ours has, each once, in order of appearance.

    >>> unprintable("Zoë Ωμέγα 王")
    '王'
    """
    missing = dict.fromkeys(sign for sign in text if sign not in printable())
    return "".join(sign for sign in missing if not _printable_composed(sign, text))


def _printable_composed(sign: str, text: str) -> bool:
    """Whether a mark without a glyph of its own disappears into the letters before it (NFC), as type is set."""
    return unicodedata.combining(sign) != 0 and sign not in unicodedata.normalize("NFC", text)
