#!/usr/bin/env python3
"""What Portico ships is made of: writes docs/third-party.md from the lock; --check judges it.

Run it in the environment of the lock (``.venv``). Packages that only the developers use are not
shipped and not listed.
"""

from __future__ import annotations

import re
import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "packaging" / "requirements.txt"
DOCUMENT = ROOT / "docs" / "third-party.md"

# Read in the package's own licence file: its metadata is silent, or it is not for this system.
READ = {
    "colorama": "BSD-3-Clause",
    "pywin32-ctypes": "BSD-3-Clause",
    "pypdfium2": "BSD-3-Clause AND Apache-2.0",
    "sqlcipher3": "Zlib",
    "tzdata": "Apache-2.0",
    "backports-tarfile": "MIT",
    "jeepney": "MIT",
    "secretstorage": "BSD-3-Clause",
    "importlib-metadata": "Apache-2.0",
    "lazy-importer": "Apache-2.0",
    "zipp": "MIT",
}

LINE = re.compile(r"^([A-Za-z0-9_.-]+)==([^ \\;]+)")
# An alternative that may be chosen ("LGPL OR GPL") is chosen by whoever ships: here the LGPL.
ACCEPTED = re.compile(
    r"\b(LGPL|MIT|BSD|0BSD|Apache|ISC|PSF|Python Software|MPL|Mozilla|Zlib|HPND|CC0)", re.I
)
REFUSED = re.compile(r"\b(AGPL|GPL|GNU (Affero )?General|SSPL|BUSL|Commons Clause)", re.I)

BUNDLED = """
## Inside those packages, and beside them

| what | where | licence |
|---|---|---|
| Qt 6.11 | pyside6-essentials, pyside6-addons | LGPL-3.0 |
| SQLCipher, SQLite, OpenSSL | sqlcipher3 | BSD-3-Clause, public domain, Apache-2.0 |
| PDFium | pypdfium2 | BSD-3-Clause, Apache-2.0 |
| FFmpeg and codecs | opencv-python-headless, pyside6-addons | LGPL-2.1-or-later |
| OpenBLAS | numpy, opencv-python-headless | BSD-3-Clause |
| GCC runtime libraries | the same | GPL-3.0 with the GCC Runtime Library Exception |
| libpq | psycopg-binary | PostgreSQL |
| PP-OCR models | rapidocr | Apache-2.0 |
| ZBar | the system's own `libzbar0` | LGPL-2.1-or-later |
| Inter | `resources/fonts` | OFL-1.1 (`OFL.txt`) |
| DejaVu Sans Condensed | `resources/fonts` | Bitstream Vera (`DEJAVU-LICENSE.txt`) |
| Lucide icons | `resources/icons` | ISC (`LICENSE.txt`) |

**Qt and psycopg under the LGPL.** They stay shared libraries that anybody may replace, in the
folder of the environment or of the package; nothing in Portico's agreement forbids studying how
they work for that purpose; Portico changes neither. Qt Charts and Qt Virtual Keyboard are under the
GPL or a commercial licence: Portico does not use them and a package of Portico leaves them out.
"""


def locked() -> list[tuple[str, str]]:
    """Name and version of each package of the lock, in its order."""
    lines = LOCK.read_text(encoding="utf-8").splitlines()
    return [(found[1], found[2]) for found in map(LINE.match, lines) if found]


def licence(name: str) -> str:
    """The licence that the package states, in its own words; '' where it states none."""
    if name in READ:
        return READ[name]
    try:
        known = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ""
    stated = known.get("License-Expression") or ""
    first = (known.get("License") or "").strip().split("\n")[0].split(" (see")[0]
    classes = known.get_all("Classifier") or []
    named = [c.rpartition("::")[2].strip() for c in classes if c.startswith("License")]
    short = first if len(first) <= 60 else ""
    return stated or short or ", ".join(c for c in named if c != "OSI Approved")


def accepted(words: str) -> bool:
    """Whether one of the alternatives is free of the GPL and known."""
    for choice in re.split(r"\s+OR\s+", words):
        parts = re.split(r"\s+AND\s+|,\s*", choice)
        if all(ACCEPTED.search(part) and not REFUSED.search(part) for part in parts):
            return True
    return False


def listed() -> list[tuple[str, str]]:
    """Name and version of each package of the page; licence words differ between Pythons."""
    lines = DOCUMENT.read_text(encoding="utf-8").split("## Inside")[0].splitlines()
    cells = [[cell.strip() for cell in line.split("|")] for line in lines if line.startswith("| ")]
    return [(row[1], row[2]) for row in cells if row[1] != "package"]


def document() -> str:
    """The page, from the lock."""
    rows = [f"| {name} | {version} | {licence(name)} |" for name, version in locked()]
    head = [
        "# What Portico is made of",
        "",
        "Written by `packaging/third_party.py` from `packaging/requirements.txt`. Run it after",
        "`dev.py lock`; `dev.py check` refuses a GPL, an AGPL, an unknown licence or an old page.",
        "",
        "| package | version | licence |",
        "|---|---|---|",
    ]
    return "\n".join([*head, *rows]) + "\n" + BUNDLED


def troubles() -> list[str]:
    """What stands against shipping; empty where nothing does."""
    found = []
    for name, _ in locked():
        words = licence(name)
        if not accepted(words):
            found.append(f"{name}: its licence is {words or 'not stated'}")
    if not DOCUMENT.exists() or listed() != locked():
        found.append("docs/third-party.md is not of this lock: run packaging/third_party.py")
    return found


def main() -> int:
    if "--check" in sys.argv:
        found = troubles()
        print("\n".join(found))
        return 1 if found else 0
    DOCUMENT.write_text(document(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
