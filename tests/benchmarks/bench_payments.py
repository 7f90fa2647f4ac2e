"""Posting a payment on a real encrypted store beside bare inserts, and drawing a receipt.

``python tests/benchmarks/bench_payments.py``. Trust the ratios: milliseconds depend on the machine.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
sys.path += [str(TESTS / "db" / "payments"), str(TESTS / "unit" / "papers")]

from payments_desk import COPAY, PERSON, VISIT, a_store, payments  # noqa: E402
from test_receipt_pdf import a_receipt  # noqa: E402

from workstation.papers.receipt import receipt_pdf  # noqa: E402

ROUNDS = 200


def timed(act: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """Milliseconds of each round, sorted."""
    took = []
    for _ in range(rounds):
        begun = time.perf_counter()
        act()
        took.append((time.perf_counter() - begun) * 1000)
    return sorted(took)


def main() -> None:
    """Measures and prints."""
    with tempfile.TemporaryDirectory() as folder:
        store = a_store(Path(folder) / "desk.db")
        desk = payments(store)
        post = timed(lambda: desk.take(PERSON, VISIT, "cash", COPAY))
        store.close()
        bare = timed(_bare_inserts(Path(folder) / "bare.db"))
    p50, p99 = ROUNDS // 2, ROUNDS * 99 // 100
    print(f"payment posted   p50 {post[p50]:.1f} ms  p99 {post[p99]:.1f} ms")
    print(f"bare inserts     p50 {bare[p50]:.2f} ms  ratio {post[p50] / bare[p50]:.0f}")
    receipt_pdf(a_receipt())
    drawn = timed(lambda: receipt_pdf(a_receipt()), 50)
    print(f"receipt PDF      p50 {drawn[25]:.1f} ms")


def _bare_inserts(path: Path) -> Callable[[], object]:
    """Six rows in one durable transaction of plain SQLite: what no store can be faster than."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE fact (id INTEGER PRIMARY KEY, body TEXT)")

    def insert() -> None:
        connection.execute("BEGIN IMMEDIATE")
        for _ in range(6):
            connection.execute("INSERT INTO fact (body) VALUES (?)", ("x" * 300,))
        connection.execute("COMMIT")

    return insert


def test_posting_and_receipt() -> None:
    print()
    main()


if __name__ == "__main__":
    main()
