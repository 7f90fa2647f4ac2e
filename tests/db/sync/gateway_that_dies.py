"""``portico-gateway`` in a process that kills itself before or after it does what a desk asks."""

from __future__ import annotations

import os
import signal
from typing import Any

from db.gateway.entry import run
from db.sync.postgres_transport import DeskDatabase


def main() -> None:
    """The step and the moment stand in the environment; the rest as for ``portico-gateway``."""
    step, when = os.environ["PORTICO_DIES"].split()
    right = getattr(DeskDatabase, step)

    def deadly(*given: Any, **named: Any) -> Any:
        if when == "after":
            right(*given, **named)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(DeskDatabase, step, deadly)
    run()


if __name__ == "__main__":
    main()
