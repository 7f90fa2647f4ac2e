"""What scans say beside the questions of one check-in: filled in, compared, waiting for a look."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage, QPixmap

from ui.capture import suggestions as told
from ui.capture.pictures import crop, whole
from ui.capture.suggestions import Standing, Suggestion
from ui.interview.step_page import Evidence
from ui.interview.viewmodel import Answered, CheckInState, CheckInViewModel, Scanned
from ui.words import say
from workstation.capture.card_model import CardReading
from workstation.capture.kept import card_of, kept_reading, licence_of
from workstation.capture.licence_model import Licence
from workstation.interview.fields import Problem, Sign
from workstation.interview.model import Said
from workstation.interview.paths import get
from workstation.interview.scans import CARD, LICENCE, Left, Scan, answer_text
from workstation.payers.directory import PayerDirectory, payer_directory

_COVERAGES = "coverages.items."


class Beside(QObject):
    """Belongs to one open check-in. Sure values go into its draft, never further by itself."""

    changed = Signal()
    """A scan, or a payer's answer, has something else to say."""
    scanWanted = Signal(str)
    """``card`` or ``licence``."""

    def __init__(self, model: CheckInViewModel, directory: PayerDirectory | None = None) -> None:
        super().__init__()
        self._model = model
        self._directory = directory or payer_directory()
        self._said: dict[str, Suggestion] = {}
        self._before: dict[str, str] = {}
        self._shown_once: set[str] = set()
        self._sides: dict[tuple[str, int], QImage] = {}
        self._also: dict[int, tuple[str, ...]] = {}
        self._pictures: dict[str, tuple[Suggestion, QPixmap | None, QPixmap | None]] = {}
        self._payer_ids: dict[str, str | None] = {}
        self.answers: Mapping[str, Mapping[str, Any]] = {}
        """The payer's last answer by coverage id."""
        self.field = ""
        """The question that has the focus."""
        model.listen(self._follow)

    @property
    def place(self) -> int:
        """The coverage that a card is for: the one with the focus, else the one still open."""
        if self.field.startswith(_COVERAGES):
            return int(self.field.removeprefix(_COVERAGES).split(".")[0])
        return told.edited_place(self._model.state.draft)

    # What a scan brings

    def take_card(self, reading: CardReading, place: int) -> Scan:
        """A card for the coverage at a place: sure values fill what is open, the rest waits."""
        draft = self._model.state.draft
        self._forget(f"{_COVERAGES}{place}.")
        self._show_card(reading, place)
        found = told.from_card(reading, place, draft)
        answers: dict[str, object] = dict(told.open_ones(found, draft))
        if draft.coverages.insured is not Said.YES:
            answers = {"coverages.insured": Said.YES, **answers}
        self._put(found, answers)
        return self._keep(Scan(CARD, place, json.dumps(kept_reading(reading))), found)

    def _show_card(self, reading: CardReading, place: int) -> None:
        for number, side in enumerate(reading.sides):
            self._sides["card", number] = QImage.fromData(side.picture)
        self._also[place] = told.beside_card(reading, self._model.state.situation.locked)
        self._payer_ids[f"{_COVERAGES}{place}."] = reading.payer_id

    def take_licence(self, licence: Licence, *, fill: bool) -> Scan:
        """A licence; without ``fill`` it is only compared, as where the chart may be another's."""
        draft = self._model.state.draft
        for prefix in ("identity.", "address."):
            self._forget(prefix)
        found = told.from_licence(licence, draft)
        if fill:
            self._put(found, dict(told.open_ones(found, draft)))
        else:
            found = told.only_told(found, draft)
            self._put(found, {})
        written = json.dumps(kept_reading(licence))
        return self._keep(Scan(LICENCE, reading=written, fill=fill), found)

    def _put(self, found: tuple[Suggestion, ...], answers: dict[str, object]) -> None:
        for one in found:
            self._said[one.key] = one
        if answers:
            self._model.dispatch(Answered(answers))
        draft = self._model.state.draft
        for one in found:
            self._before[one.key] = answer_text(draft, one.key)
        self.changed.emit()

    # What is kept with the check-in until it is done

    def _keep(self, scan: Scan, found: Iterable[Suggestion]) -> Scan:
        """The scan with its draft: a check-in left half done still has its suggestions."""
        left = tuple(Left(one.key, self._before[one.key]) for one in found)
        before = self._model.state.walk.scans
        number = max((one.number for one in before), default=0) + 1
        scan = replace(scan, left=left, number=number)
        others = [one for one in before if not one.same_as(scan)]
        self._model.dispatch(Scanned((*others, scan)))
        return scan

    def _change(self, change: Callable[[Scan], Scan]) -> None:
        scans = self._model.state.walk.scans
        changed = tuple(change(scan) for scan in scans)
        if changed != scans:
            self._model.dispatch(Scanned(changed))

    @Slot(object)
    def pictures_filed(self, number: int) -> None:
        """The pictures of a scan are among the person's documents."""
        self._change(lambda one: replace(one, filed=True) if one.number == number else one)

    def bring_back(self, pictures: Mapping[int, tuple[bytes, ...]]) -> None:
        """Everything that was scanned before this check-in was left; it answers nothing anew."""
        state = self._model.state
        for scan in state.walk.scans:
            if not scan.reading:
                continue
            written = json.loads(scan.reading)
            if scan.source == CARD:
                card = card_of(written, pictures.get(scan.number, ()))
                self._show_card(card, scan.place)
                found = told.from_card(card, scan.place, state.draft)
            else:
                licence = licence_of(written)
                found = told.from_licence(licence, state.draft)
                found = found if scan.fill else told.only_told(found, state.draft)
            for one in found:
                self._said[one.key] = one
            self._before |= {one.key: one.answer for one in scan.left}
            self._shown_once |= set(scan.passed)
        self.changed.emit()

    def forget_coverages(self) -> None:
        """The coverages stand in other places now: what was said of places no longer holds."""
        self._forget(_COVERAGES)
        self._also.clear()
        scans = self._model.state.walk.scans
        if any(scan.source == CARD for scan in scans):
            kept = [scan.of_nowhere() for scan in scans if scan.source != CARD or not scan.filed]
            self._model.dispatch(Scanned(tuple(kept)))
        self.changed.emit()

    def _forget(self, prefix: str) -> None:
        for key in [key for key in self._said if key.startswith(prefix)]:
            del self._said[key]
            self._before.pop(key, None)
            self._shown_once.discard(key)

    def show_answers(self, answers: Mapping[str, Mapping[str, Any]]) -> None:
        """What the payers answered last, by coverage id."""
        if answers != self.answers:
            self.answers = answers
            self.changed.emit()

    def _follow(self, state: CheckInState) -> None:
        """A payer's name that was taken from a card brings the payer's id and kind."""
        for key, one in self._said.items():
            if not key.endswith(".payer_name") or one.standing(state.draft) is not Standing.SAME:
                continue
            at = key.removesuffix("payer_name")
            payer = self._directory.find(self._payer_ids.get(at), one.value)
            now = answer_text(state.draft, key)
            taken = self._before.get(key, "") not in ("", now)
            if taken:  # in place of another payer, whose id must not stay behind
                self._before[key] = now
                fresh: dict[str, object] = {f"{at}payer_id": (payer and payer.payer_id) or ""}
                if payer is not None:
                    fresh[f"{at}payer_kind"] = str(payer.kind)
                self._model.dispatch(Answered(fresh))
                return
            if payer is not None and not get(state.draft, f"{at}payer_id"):
                answers: dict[str, object] = {}
                if payer.payer_id:
                    answers[f"{at}payer_id"] = payer.payer_id
                if not get(state.draft, f"{at}payer_kind"):
                    answers[f"{at}payer_kind"] = str(payer.kind)
                if answers:
                    self._model.dispatch(Answered(answers))
                    return

    # What stands beside a question

    def suggestion(self, key: str) -> Suggestion | None:
        """What a scan says about a question."""
        return self._said.get(key)

    def waiting(self, key: str) -> str:
        """A value to show greyed in an open field, where a person has to look first."""
        one = self._said.get(key)
        open_ = one is not None and one.standing(self._model.state.draft) is Standing.EMPTY
        return one.shown if one is not None and open_ else ""

    def note(self, key: str) -> tuple[str, str] | None:
        """(level, words) under a question; None where no scan says anything."""
        one = self._said.get(key)
        if one is None:
            return None
        draft = self._model.state.draft
        return told.words_for(one, draft, self._answer_for(key), self._decided(key))

    def waits(self) -> bool:
        """Whether a card says anything that its coverage does not."""
        draft = self._model.state.draft
        return any(
            key.startswith(_COVERAGES)
            and not key.endswith(".plan_name")
            and one.standing(draft) is not Standing.SAME
            for key, one in self._said.items()
        )

    def also(self) -> tuple[str, ...]:
        """What the cards say that no question asks."""
        return tuple(line for lines in self._also.values() for line in lines)

    def evidence(self, key: str, label: str) -> Evidence | None:
        """Crop, certainty, alternatives and the payer's words for a question."""
        payer = told.payer_says(self._answer_for(key), key)
        one = self._said.get(key)
        if one is None:
            return Evidence(payer=payer) if payer else None
        standing = one.standing(self._model.state.draft)
        offered = one.offered and standing is not Standing.SAME
        card = one.source == "card"
        cut, shown = self._pictures_of(one)
        on = (
            say("{label}, on the card", label=label)
            if card
            else say("{label}, on the licence", label=label)
        )
        sure = _how_sure(one) if card else say("From the barcode of the licence.")
        return Evidence(
            title=on,
            crop=cut,
            confidence=sure,
            picture=shown,
            payer=payer,
            suggestion=one.value if offered else "",
            suggestion_words=one.shown if offered else "",
            alternatives=(one.value, *one.others) if one.others else (),
        )

    def _pictures_of(self, one: Suggestion) -> tuple[QPixmap | None, QPixmap | None]:
        """The line and the whole side, cut once: the panel asks at every key."""
        known = self._pictures.get(one.key)
        if known is None or known[0] is not one:
            side = self._sides.get((one.source, one.side), QImage())
            cut = shown = None
            if not side.isNull():
                cut = crop(side, one.box, one.value, one.doubts) if one.box else None
                shown = whole(side, one.box)
            known = self._pictures[one.key] = (one, cut, shown)
        return known[1], known[2]

    def overview(self, prefix: str) -> Evidence | None:
        """The scan itself, while no question of its page has the focus."""
        kind = "card" if prefix == _COVERAGES else "licence"
        side = self._sides.get((kind, 0), QImage())
        if side.isNull():
            return None
        title = say("Front of the card") if kind == "card" else say("The licence")
        return Evidence(title=title, picture=whole(side, None))

    def doubtful(self, key: str) -> bool:
        """Whether somebody has to look at what a scan says to a question."""
        one = self._said.get(key)
        if one is None or self._decided(key):
            return False
        draft = self._model.state.draft
        level, _ = told.words_for(one, draft, self._answer_for(key), False)
        return level == "warn" and one.standing(draft) is not Standing.SAME

    def problems(self, keys: Iterable[str]) -> tuple[Problem, ...]:
        """Readings that nobody looked at yet. Each holds Continue once, then the person decided."""
        found = []
        draft = self._model.state.draft
        for key in keys:
            one = self._said.get(key)
            if one is None or key in self._shown_once or not self.doubtful(key):
                continue
            if key.endswith(".plan_name") and one.standing(draft) is Standing.EMPTY:
                continue  # nobody is paid by the plan's name: not worth a stop
            _, words = told.words_for(one, draft, self._answer_for(key), False)
            found.append(Problem(key, Sign.YIELD, words))
        shown = {problem.field for problem in found}
        self._shown_once |= shown
        if shown:
            self._change(lambda scan: _passed(scan, shown))
        return tuple(found)

    def _decided(self, key: str) -> bool:
        return answer_text(self._model.state.draft, key) != self._before.get(key)

    def _answer_for(self, key: str) -> Mapping[str, Any] | None:
        if not key.startswith(_COVERAGES):
            return None
        place = int(key.removeprefix(_COVERAGES).split(".")[0])
        items = self._model.state.draft.coverages.items
        return self.answers.get(items[place].id) if place < len(items) else None


def _passed(scan: Scan, shown: set[str]) -> Scan:
    fresh = [one.key for one in scan.left if one.key in shown and one.key not in scan.passed]
    return replace(scan, passed=(*scan.passed, *fresh)) if fresh else scan


def _how_sure(one: Suggestion) -> str:
    """How clearly a value was read, in words first: a bare per cent tells nobody what to do."""
    if one.look:
        return say(
            "Not clear ({sure} % sure): compare it with the picture.", sure=told.percent(one)
        )
    return say("Read clearly ({sure} % sure).", sure=told.percent(one))
