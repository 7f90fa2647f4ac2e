"""Posting a payment on a real encrypted store, and drawing a receipt."""

from __future__ import annotations

import io
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

from figures import Table, at, cpu_ms, wall_ms
from reportlab.pdfgen.canvas import Canvas

TESTS = Path(__file__).resolve().parent.parent
sys.path += [str(TESTS / "db" / "payments"), str(TESTS / "unit" / "papers")]

from paying_store import COPAY, PERSON, VISIT, a_store, payments  # noqa: E402
from test_receipt_pdf import a_receipt  # noqa: E402

import db.declared  # noqa: E402, F401 - every table
from workstation.papers.receipt import receipt_pdf  # noqa: E402

ROUNDS = 200


def test_posting(table: Table, tmp_path: Path) -> None:
    """Posting a payment, ms"""
    store = a_store(tmp_path / "desk.db")
    desk = payments(store)
    post = wall_ms(lambda: desk.take(PERSON, VISIT, "cash", COPAY), ROUNDS)
    store.close()
    bare = wall_ms(bare_inserts(tmp_path / "bare.db"), ROUNDS)
    remark = "baseline: six plain rows, as durable"
    table.line("p50", at(0.5, post), at(0.5, bare), remark=remark)
    table.line("p99", at(0.99, post), at(0.99, bare))


def test_receipt(table: Table) -> None:
    """Drawing a receipt, ms of CPU"""
    receipt_pdf(a_receipt())
    ours = cpu_ms(lambda: receipt_pdf(a_receipt()), 50)
    table.line("one page", ours, cpu_ms(_plain_page, 50), remark="baseline: 40 plain lines")


def _plain_page() -> None:
    canvas = Canvas(io.BytesIO())
    for line in range(40):
        canvas.drawString(72, 720 - 16 * line, "a line of a receipt, 25.00")
    canvas.save()


def bare_inserts(path: Path) -> Callable[[], object]:
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
