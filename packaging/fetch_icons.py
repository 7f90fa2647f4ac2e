"""Brings the Lucide icons named below into resources/icons, at one pinned version.

Run: ``python3 packaging/fetch_icons.py``. Needs ``npm`` (only to fetch; the product needs no Node).
The licence (ISC, and MIT for those from Feather) is stored beside the icons.
"""

import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PACKAGE = "lucide-static@1.62.0"
TARGET = Path(__file__).resolve().parent.parent / "resources" / "icons"
NAMES = """
ambulance archive arrow-down arrow-left arrow-right arrow-right-left arrow-up baby ban banknote
barcode building-2 calculator calendar calendar-clock camera chart-no-axes-column check chevron-down
chevron-left chevron-right chevron-up circle circle-alert circle-check circle-dot circle-minus
circle-question-mark circle-slash circle-x clock cloud cloud-off cloud-upload columns-2 copy
corner-down-left credit-card crop database door-open download ellipsis external-link eye eye-off
file-check file-pen-line file-text flag folder git-merge hand hand-coins heart-handshake heart-pulse
history hospital hourglass id-card image inbox info key-round keyboard languages link list
list-checks loader lock lock-open log-in log-out mail map-pin menu message-square-quote minus
monitor moon nfc
octagon-alert octagon-x pencil phone plus printer receipt redo-2 refresh-cw rotate-cw scan
scan-line scan-text search settings shield shield-alert shield-check signature siren split square
square-check-big stethoscope sun tag trash-2 triangle-alert undo-2 unlink upload user user-check
user-plus user-x users volume-2 wallet wifi wifi-off x zoom-in zoom-out
""".split()  # noqa: SIM905 - a list of names reads best as a paragraph


def main() -> int:
    """Fetches and copies the named files and the licence; 1 where a name is missing."""
    with tempfile.TemporaryDirectory() as place:
        packed = subprocess.run(
            ["npm", "pack", "--silent", PACKAGE],
            cwd=place,
            check=True,
            capture_output=True,
            text=True,
        ).stdout.split()[-1]
        missing = []
        with tarfile.open(Path(place) / packed) as archive:
            members = {member.name: member for member in archive.getmembers()}
            for name in NAMES:
                member = members.get(f"package/icons/{name}.svg")
                if member is None:
                    missing.append(name)
                    continue
                (TARGET / f"{name}.svg").write_bytes(archive.extractfile(member).read())
            licence = archive.extractfile(members["package/LICENSE"]).read()
            (TARGET / "LICENSE.txt").write_bytes(licence)
    print(f"{len(NAMES) - len(missing)} icons of {PACKAGE}")
    if missing:
        print("not in the package: " + " ".join(missing))
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
