"""Lines of ``portico do`` as nobody should write them: each is answered, none ends the run."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workstation.cli import answers
from workstation.cli.commands import Doer
from workstation.cli.shapes import SHAPES, checked_shape
from workstation.compose import Workstation, facility_named, make_workstation
from workstation.facility.settings import Settings
from workstation.kernel.errors import NotUnderstood

GOOD: dict[str, dict[str, Any]] = {
    "register_patient": {"person": {"last": "Ames", "dob": "1985-03-03"}, "decision": None},
    "revise_demographics": {"person_id": "p", "base": {"zip": "1"}, "set": {"zip": "78701"}},
    "add_coverage": {
        "person_id": "p",
        "coverage": {"payer_id": "60054", "member_id": "W1", "relation": "self", "order": 1},
    },
    "open_visit": {
        "person_id": "p",
        "class": "O",
        "reason": "MRI",
        "service_date": "2026-11-23",
    },
    "record_screening_exam": {
        "visit_id": "v",
        "outcome": "no_emergency",
        "by": "Dr. X",
        "at": "2026-11-23T14:07:00Z",
        "source": "told",
    },
    "record_payment": {
        "person_id": "p",
        "visit_id": None,
        "tender": "cash",
        "lines": [{"kind": "copay", "amount": 2500}],
    },
    "refund_payment": {"payment_id": "m", "amount": 500, "reason": "twice"},
    "merge_people": {"survivor": "p", "retired": "q", "reason": "one person"},
    "resolve_conflict": {"conflict_id": "c", "take": "mine"},
}


@pytest.fixture(scope="module")
def workstation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workstation]:
    folder = tmp_path_factory.mktemp("do")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PORTICO_KEY_FILE", str(folder / "key"))
        made = make_workstation(Settings(folder / "home", "desk-A"), facility_named("Mercy"))
    yield made
    made.close()


class Run:
    """One ``portico do`` whose output is kept."""

    def __init__(self, workstation: Workstation, patch: pytest.MonkeyPatch) -> None:
        self._doer = Doer(workstation)
        self._patch = patch
        self.said = io.StringIO()

    def line(self, line: bytes) -> dict[str, Any]:
        out = io.StringIO()
        self._patch.setattr(answers.sys, "stdout", out)
        self._patch.setattr(answers.sys, "stderr", self.said)
        self._doer.answer_line(line)
        [answer] = out.getvalue().splitlines()
        found: dict[str, Any] = json.loads(answer)
        return found

    def do(self, **command: Any) -> dict[str, Any]:
        return self.line(json.dumps(command).encode())


@pytest.fixture
def run(workstation: Workstation, monkeypatch: pytest.MonkeyPatch) -> Run:
    return Run(workstation, monkeypatch)


def test_every_command_has_a_shape(workstation: Workstation) -> None:
    assert set(SHAPES) == set(Doer(workstation)._known) == set(GOOD)


@pytest.mark.parametrize("name", GOOD)
def test_what_the_contract_shows_has_the_right_shape(name: str) -> None:
    assert checked_shape(name, {"key": "k", "command": name, **GOOD[name]}) == []


@pytest.mark.parametrize(
    ("name", "key"), [(name, key) for name, command in GOOD.items() for key in command]
)
def test_each_value_is_missed_and_its_type_is_looked_at(name: str, key: str) -> None:
    for value in (None, True, 1.5, ["x"]):
        command = {**GOOD[name], key: value}
        optional = value is None and SHAPES[name][key].optional
        if optional:
            assert checked_shape(name, command) == []
            continue
        with pytest.raises(NotUnderstood) as refused:
            checked_shape(name, command)
        assert key in refused.value.say


def test_unknown_keys_are_named_and_do_no_harm(run: Run) -> None:
    person = {"last": "Nash", "first": "Ina", "dob": "1950-01-01", "shoe_size": 44}
    answer = run.do(key="u", command="register_patient", person=person, colour="red")
    assert answer["ok"]
    assert run.said.getvalue() == "u: ignored person.shoe_size, colour\n"


def test_a_line_of_a_wrong_shape_may_be_mended_under_the_same_key(run: Run) -> None:
    person = {"last": "Otis", "first": "Ina", "dob": "1950-01-01"}
    assert run.do(key="mend", command="register_patient")["error"]["code"] == "value_missing"
    assert run.do(key="mend", command="register_patient", person=person)["ok"]


@pytest.mark.parametrize(
    "line",
    [
        b"\xff\xfe{}",
        b"[" * 100_000,
        b'{"key": "s", "command": "register_patient", "person": {"last": "A\\ud800"}}',
        b'{"key": "n", "command": "register_patient", "person": {"last": "A\\u0000b"}}',
        b'{"key": "z", "command": "revise_demographics", "person_id": "p", "set": {"zip": 5}}',
    ],
)
def test_a_line_that_no_store_could_keep_is_refused_in_words(run: Run, line: bytes) -> None:
    answer = run.line(line)
    assert not answer["ok"]
    assert answer["error"]["say"]
    assert answer["error"]["do"]


def test_a_byte_order_mark_is_no_part_of_a_line(run: Run) -> None:
    line = json.dumps({"key": "b", "command": "merge_people", **GOOD["merge_people"]})
    assert run.line(b"\xef\xbb\xbf" + line.encode())["error"]["code"] == "not_found"


def test_numbers_for_text_are_kept_as_text(run: Run, workstation: Workstation) -> None:
    person = {"last": "Pugh", "first": "Ina", "dob": "1950-01-01"}
    known = run.do(key="t", command="register_patient", person=person)["person_id"]
    wanted = {"zip": 78701, "phones": "512 555 0100"}
    assert run.do(key="t2", command="revise_demographics", person_id=known, set=wanted)["ok"]
    row = workstation.store.read().get("person", known)
    assert row is not None
    assert (row["zip"], row["phones"]) == ("78701", ["512 555 0100"])


@pytest.fixture
def known(run: Run) -> dict[str, str]:
    """A person with a twin, a visit and a payment, so that noise comes as far as the use cases."""
    found = {}
    for id, first in (("p", "Ida"), ("q", "Eva")):
        person = {"last": "Rush", "first": first, "dob": "1950-01-01"}
        decision = {"reason": "a twin"}
        made = run.do(key=id, command="register_patient", person=person, decision=decision)
        found[id] = made["person_id"]
    visit = {**GOOD["open_visit"], "person_id": found["p"]}
    found["v"] = run.do(key="v", command="open_visit", **visit)["visit_id"]
    paid = {**GOOD["record_payment"], "person_id": found["p"]}
    found["m"] = run.do(key="m", command="record_payment", **paid)["payment_id"]
    return found


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=8)
    | st.sampled_from(["2026-02-30", "self", "cash", "1985-03-03", "\x00", "O"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=6,
)


@given(
    name=st.sampled_from(sorted(GOOD)),
    noise=st.lists(st.tuples(st.integers(0, 20), ANYTHING), min_size=1, max_size=4),
)
@settings(
    max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_noise_never_ends_the_run(
    run: Run, known: dict[str, str], name: str, noise: list[tuple[int, Any]]
) -> None:
    real = {key: known.get(str(value), value) for key, value in GOOD[name].items()}
    command = json.loads(json.dumps(real))
    for place, value in noise:
        inner = [command, *(each for each in command.values() if isinstance(each, dict))]
        inner += [item for each in command.values() if isinstance(each, list) for item in each[:1]]
        target = inner[place % len(inner)]
        if isinstance(target, dict) and target:
            target[sorted(target)[place % len(target)]] = value
    line = json.dumps({"key": json.dumps(command)[:60], "command": name, **command})
    answer = run.line(line.encode())
    assert answer["ok"] or answer["error"]["say"]
