"""Downtime forms over the demo's real store: who is on them, and what is not."""

from __future__ import annotations

import io
import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from pypdf import PdfReader

from workstation.cli.group import portico
from workstation.compose import Workstation
from workstation.demo.live import LiveDemo
from workstation.papers.printing import _NEUTRAL


@pytest.fixture(scope="module")
def demo() -> Iterator[Workstation]:
    with LiveDemo() as live:
        yield live.workstation


def pages(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def test_the_list_has_everybody_of_today_with_two_identifiers(demo: Workstation) -> None:
    made = demo.automation().downtime_papers.make()
    words = "\n".join(pages(made.paper.pdf))
    day = demo.desk.facility.day(demo.clock())
    rows = demo.arrivals.of_day(day, ())
    assert made.patients == len(rows) > 20
    assert all(row.visit_number in words for row in rows)
    assert "OKAFOR-DIAZ, Maria Elena" in words
    assert "03 Mar 1985" in words
    assert "Consent to treatment" in words
    assert "Consentimiento para el tratamiento" in words
    assert made.paper.missing == ""
    assert _NEUTRAL.match(made.title)
    entry = demo.store.audit_entries()[-1]
    assert (entry["what"], entry["detail"]["patients"]) == ("downtime_forms", len(rows))


def test_a_prefilled_form_is_one_page_and_keeps_a_sensitive_reason_to_itself(
    demo: Workstation,
) -> None:
    rows = demo.arrivals.of_day(demo.desk.facility.day(demo.clock()), ())
    texts = pages(demo.automation().downtime_papers.make(prefilled=True).paper.pdf)
    forms = [text for text in texts if "Downtime: registration" in text]
    assert len(forms) == len(rows) + 1
    assert all("Entered in Portico" in text for text in forms), "none runs over its page"
    sensitive = [row for row in rows if row.sensitive and row.reason]
    assert sensitive
    for row in rows:
        [form] = [text for text in forms if row.visit_number in text]
        assert (row.reason in form) is (not row.sensitive or not row.reason)


def test_the_command_line_writes_a_file_for_its_owner_alone(tmp_path: Path) -> None:
    environment = {
        "PORTICO_HOME": str(tmp_path / "home"),
        "PORTICO_KEY_FILE": str(tmp_path / "key"),
        "PORTICO_SHARED_DSN": None,
    }
    out = tmp_path / "forms.pdf"
    out.write_text("of yesterday")
    out.chmod(0o644)
    run = CliRunner().invoke
    assert run(portico, ["init", "--facility", "Mercy General"], env=environment).exit_code == 0
    done = run(portico, ["downtime", "forms", str(out)], env=environment)
    assert json.loads(done.stdout) == {"ok": True, "patients": 0, "missing": ""}
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert len(pages(out.read_bytes())) == 5, "list, registration, two consents, payments"
    refused = run(portico, ["downtime", "forms", str(tmp_path / "no" / "x.pdf")], env=environment)
    assert refused.exit_code != 0
