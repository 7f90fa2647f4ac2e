"""``portico do`` from the first answer to the last, beside bare durable inserts on the same disk.

Each command is one durable transaction (``synchronous = FULL``): what a disk takes for that is the
baseline, and the ratio is what Portico adds.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from bench_payments import bare_inserts
from figures import Table, wall_ms

COMMANDS = 300
PORTICO = Path(sys.executable).with_name("portico")


def test_commands_a_second(table: Table, tmp_path: Path) -> None:
    """Commands of portico do, a second"""
    desk = _Desk(tmp_path)
    people = desk.rate([_person(i) for i in range(COMMANDS)])
    someone = desk.ids[0]
    cash = {"tender": "cash", "visit_id": None, "lines": [{"kind": "copay", "amount": 2500}]}
    payments = desk.rate(
        [
            {"key": f"pay{i}", "command": "record_payment", "person_id": someone, **cash}
            for i in range(COMMANDS)
        ]
    )
    took = wall_ms(bare_inserts(tmp_path / "bare.db"), COMMANDS)
    bare = COMMANDS / sum(took) * 1000
    remark = "baseline: six plain rows, as durable"
    table.line("register_patient", people, bare, rate=True, remark=remark)
    table.line("record_payment", payments, bare, rate=True)


class _Desk:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.ids: list[str] = []
        self._env = dict(
            os.environ,
            PORTICO_HOME=str(folder / "home"),
            PORTICO_KEY_FILE=str(folder / "key"),
        )
        subprocess.run(
            [PORTICO, "init", "--facility", "Mercy"], env=self._env, check=True, capture_output=True
        )

    def rate(self, commands: list[dict[str, Any]]) -> float:
        """Commands per second between the first answer and the last."""
        file = self._folder / "commands.jsonl"
        file.write_text("\n".join(map(json.dumps, commands)))
        child = subprocess.Popen([PORTICO, "do", file], env=self._env, stdout=subprocess.PIPE)
        assert child.stdout is not None
        first = child.stdout.readline()
        begun = time.perf_counter()
        answers = [json.loads(line) for line in (first, *child.stdout)]
        took = time.perf_counter() - begun
        assert child.wait() == 0
        child.stdout.close()
        assert all(answer["ok"] for answer in answers)
        self.ids += [answer["person_id"] for answer in answers if "person_id" in answer]
        return (len(answers) - 1) / took


def _person(i: int) -> dict[str, Any]:
    letters = "".join(chr(97 + (i // 26**n) % 26) for n in range(3))
    person = {
        "last": f"Quenby{letters}",
        "first": f"Ilse{letters[::-1]}",
        "dob": f"{1930 + i % 80}-{1 + i % 12:02d}-{1 + i % 28:02d}",
        "sex": "F",
        "street": f"{i + 1} Elm St",
        "city": "Austin",
        "state": "TX",
        "zip": "78701",
    }
    reason = {"reason": "bench"}
    return {"key": f"p{i}", "command": "register_patient", "person": person, "decision": reason}
