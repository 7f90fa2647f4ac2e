"""A change of the store's key in a process that kills itself before a named step, or at its end."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from db.keys.places import KeyFile
from db.keys.rotation import Rotation


def main(store: str, key_file: str, step: str) -> None:
    """Changes the key, until the step is to begin; all of it where there is no such step."""

    def deadly(*_given: Any) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    if step:
        assert hasattr(Rotation, step)
        setattr(Rotation, step, deadly)
    rotation = Rotation(Path(store), KeyFile(Path(key_file)))
    rotation.run()
    deadly()


if __name__ == "__main__":
    main(*sys.argv[1:])
