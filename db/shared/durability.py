"""Whether what the shared database confirms survives the machine that confirmed it."""

from __future__ import annotations

from typing import Any

import psycopg


def doubts(connection: psycopg.Connection[Any]) -> list[str]:
    """What would let a confirmed command be lost, one sentence each; nothing where all is well.

    A desk that was told "durable" does not send again. After a fail-over to a server that had not
    got it yet, the feed goes on as if it had never been: only synchronous replication excludes
    that. Any login may ask.
    """
    [(commit, waits_for, standbys)] = connection.execute(
        "SELECT current_setting('synchronous_commit'),"
        " current_setting('synchronous_standby_names'),"
        " (SELECT count(*) FROM pg_stat_replication)"
    ).fetchall()
    told = []
    if commit == "off":
        told.append("synchronous_commit is off: a crash loses what was confirmed.")
    elif standbys and (not waits_for or commit == "local"):
        told.append(
            f"{standbys} standby servers, and none is waited for: a fail-over loses what was "
            "confirmed. Set synchronous_standby_names (Patroni: synchronous_mode and "
            "synchronous_mode_strict)."
        )
    return told
