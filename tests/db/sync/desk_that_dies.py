"""One round of replication in a process that kills itself before or after a named step."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from db.store import SqlStore
from db.sync.gateway_transport import GatewayTransport
from db.sync.postgres_transport import PostgresTransport
from db.sync.replica import Replica
from db.sync.rounds import one_round
from workstation.sync.gateway_address import is_gateway


def main(path: str, key: str, dsn: str, step: str, when: str) -> None:
    """Runs until the step, or to the end where the step never comes."""
    transport = GatewayTransport if is_gateway(dsn) else PostgresTransport
    place = transport if hasattr(transport, step) else Replica
    right = getattr(place, step)

    def deadly(*given: Any, **named: Any) -> Any:
        if when == "after":
            right(*given, **named)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(place, step, deadly)
    one_round(SqlStore(Path(path), key), dsn)


if __name__ == "__main__":
    main(*sys.argv[1:])
