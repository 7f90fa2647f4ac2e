"""Capture at one window: the reader, the scan overlay, the keyboard wedge, and the open chart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

import ui.capture.commands  # noqa: F401 - declares F8 and F9
from ui import turns
from ui.capture import suggestions as told
from ui.capture.beside import Beside
from ui.capture.pictures import Page, as_jpeg
from ui.capture.reader import Reader
from ui.capture.scan_model import CARD, LICENCE
from ui.capture.scan_overlay import Chooser, ScanOverlay
from ui.capture.steps import ScanCoverageStep, ScanFormStep
from ui.capture.wedge import Wedge
from ui.controls import Message
from ui.interview.step_page import StepContext, StepFactory
from ui.interview.viewmodel import Answered, CheckInState
from ui.shell.window import MainWindow
from ui.wall_clock import local
from ui.words import say
from workstation.capture.card_model import CardReading
from workstation.capture.licence_model import Licence
from workstation.eligibility.kept_answers import answered_checks
from workstation.interview.cards import with_verdict
from workstation.interview.flow import CHECK_IN
from workstation.interview.journal import DraftJournal
from workstation.interview.model import Draft, PageId, Verdict
from workstation.interview.scans import Scan
from workstation.kernel.changed import Kind
from workstation.kernel.clock import utc_now
from workstation.kernel.unit_of_work import StoreGateway
from workstation.payers.use_cases import standing

if TYPE_CHECKING:
    from ui.desk.check_in import CheckInDesk

_WRONG_CHART, _OTHER_NAME, _OTHER_ADDRESS = "wrong-chart", "other-name", "other-address"
_PICTURES_KINDS = ("card_front", "card_back")


@dataclass(slots=True)
class _Kept:
    """Pictures that wait for the ids that they are filed under."""

    pictures: tuple[tuple[bytes | Page, str], ...]
    scan: Scan
    """What they were read as; its place is the coverage that they show, -1 for a licence."""


class CaptureDesk(QObject):
    """One per window. ``findWanted(words)``: a licence names a person who is not open here."""

    findWanted = Signal(str)

    def __init__(
        self,
        window: MainWindow,
        records: StoreGateway,
        *,
        reader: Reader | None = None,
        chooser: Chooser | None = None,
    ) -> None:
        super().__init__(window)
        self._window, self._jobs, self._records = window, window.jobs, records
        self.reader = reader or Reader(window.jobs)
        self.overlay = ScanOverlay(window, window.jobs, self.reader, chooser)
        window.adopt(self.overlay)
        self.wedge = Wedge(window)
        self._check_in: CheckInDesk | None = None
        self._beside: dict[CheckInDesk, Beside] = {}
        self._waiting: list[_Kept] = []
        self._licence: Licence | None = None
        self._unseen = False
        window.scanWanted.connect(self.scan)
        window.bus.changed.connect(self._changed)
        self.overlay.accepted.connect(self._accepted)
        self.wedge.licenceRead.connect(self.take_licence)
        self.wedge.told.connect(window.tell)

    # One check-in

    def steps(self, check_in: CheckInDesk) -> Mapping[PageId, StepFactory]:
        """The steps of a check-in that show what scans say."""
        beside = Beside(check_in.model)
        beside.scanWanted.connect(self.scan)
        self._beside[check_in] = beside
        return {
            PageId.IDENTITY: lambda: _form(PageId.IDENTITY, beside),
            PageId.CONTACT: lambda: _form(PageId.CONTACT, beside),
            PageId.COVERAGE: lambda: ScanCoverageStep(beside),
        }

    def attach(self, check_in: CheckInDesk) -> None:
        """This check-in takes the scans from now on."""
        self._check_in = check_in
        self._waiting = []
        self._unseen = False
        check_in.model.listen(self._keep_ready)
        check_in.model.listen(self._show_card)
        check_in.page.strip.answered.connect(self._answered)
        self._bring_back(check_in)
        self._ask_payers()

    def _bring_back(self, check_in: CheckInDesk) -> None:
        """What was scanned before the check-in was left, or the machine stopped."""
        if check_in.model.state.walk.scans:
            self._jobs.read(
                _pictures_of,
                check_in.use.journal,
                check_in,
                owner=check_in.page,
                done=self._brought_back,
            )

    @Slot(object)
    def _brought_back(self, told_: tuple[CheckInDesk, Mapping[int, tuple[bytes, ...]]]) -> None:
        check_in, pictures = told_
        if check_in is not self._check_in:
            return
        self._beside[check_in].bring_back(pictures)
        state = check_in.model.state
        for scan in state.walk.scans:
            sides = pictures.get(scan.number, ())
            kinds = _PICTURES_KINDS if scan.source == CARD else ("licence",) * len(sides)
            if sides and not scan.filed:
                self._waiting.append(_Kept(tuple(zip(sides, kinds, strict=False)), scan))
        order = list(PageId)
        self._unseen = order.index(state.page) < order.index(PageId.COVERAGE)
        self._keep_ready(state)

    def release(self, check_in: CheckInDesk) -> None:
        """It is put away: nothing of it takes a scan any more."""
        if self._check_in is check_in:
            self._check_in = None
            self._waiting = []
            self._licence = None
        self._beside.pop(check_in, None)

    def close(self) -> None:
        """Before the window goes."""
        self.wedge.stop()
        self.overlay.close_()
        self.reader.close()

    # Scanning

    @Slot(str)
    def scan(self, kind: str) -> None:
        """F8 and F9. A card needs an open check-in; a licence can also find one."""
        if self.overlay.isVisible() or (kind == CARD and self._check_in is None):
            return
        if self._check_in is None:
            self.overlay.start(kind, local(utc_now()).date())
            return
        situation = self._check_in.model.state.situation
        self.overlay.start(kind, situation.today, locked=situation.locked)

    @Slot(str, object, object)
    def _accepted(self, kind: str, reading: CardReading | Licence, pages: tuple[Page, ...]) -> None:
        if kind == LICENCE and isinstance(reading, Licence):
            self.take_licence(reading, pages)
        elif isinstance(reading, CardReading):
            self.take_card(reading)

    def take_card(self, reading: CardReading) -> None:
        """A card goes beside the coverage that it was scanned for."""
        check_in = self._check_in
        if check_in is None:
            return
        beside = self._beside[check_in]
        place = beside.place
        scan = beside.take_card(reading, place)
        if reading.plan_type == "RX_ONLY":
            words = say("This card is for the pharmacy only. Nothing of it was filled in.")
            do = say("Ask for the medical insurance card.")
            check_in.page.strip.tell(Message("yield", words, do, _OTHER_NAME))
            return
        pictures = tuple(
            (side.picture, kind) for side, kind in zip(reading.sides, _PICTURES_KINDS, strict=False)
        )
        self._file_later(check_in, _Kept(pictures, scan))
        named = told.name_on_card(reading, check_in.draft)
        if named:
            words = say("The card is in the name of {name}.", name=named)
            do = say("Ask who holds it, and answer “Who holds it” at the coverage.")
            check_in.page.strip.tell(Message("yield", words, do, _OTHER_NAME))
        if check_in.model.state.page is not PageId.COVERAGE:
            self._unseen = True
            self._window.note(say("The card is read; it waits at the coverage questions"))
        else:
            check_in.page.to_step()
        self._keep_ready(check_in.model.state)

    def _file_later(self, check_in: CheckInDesk, kept: _Kept) -> None:
        """Pictures wait beside the draft until what they are filed under has an id."""
        self._waiting.append(kept)
        self._jobs.write(
            _keep_beside,
            check_in.use.journal,
            check_in.draft.id,
            kept,
        )

    @Slot(object)
    def take_licence(self, licence: Licence, pages: tuple[Page, ...] = ()) -> None:
        """A licence is compared with the open chart, or looked up where none is open."""
        check_in = self._check_in
        if check_in is None:
            self.findWanted.emit(told.find_words(licence))
            return
        why = told.other_person(licence, check_in.draft)
        self._licence = licence
        scan = self._beside[check_in].take_licence(licence, fill=not why)
        if why:
            do = say("Nothing of it was filled in. Make sure that this is the right chart.")
            find = say("Find {name}", name=told.name_of(licence))
            check_in.page.strip.tell(
                Message("stop", f"{say('Wrong chart?')} {why}", do, _WRONG_CHART, find)
            )
            return
        check_in.page.strip.clear(_WRONG_CHART)
        address = told.other_address(licence, check_in.draft)
        if address:
            words = say("The licence has another address: {address}.", address=address)
            do = say("Ask the patient which is right; a licence may be old.")
            check_in.page.strip.tell(Message("yield", words, do, _OTHER_ADDRESS))
        if pages:
            kept = _Kept(tuple((page, "licence") for page in pages), scan)
            self._file_later(check_in, kept)
            self._keep_ready(check_in.model.state)

    @Slot(str)
    def _answered(self, key: str) -> None:
        if key == _WRONG_CHART and self._licence is not None:
            self.findWanted.emit(told.find_words(self._licence))

    def _show_card(self, state: CheckInState) -> None:
        """A card scanned before its turn is never passed by: coverage is asked even if fresh."""
        check_in = self._check_in
        if check_in is None or not self._unseen or state is not check_in.model.state:
            return
        order = list(PageId)
        if state.page is PageId.COVERAGE:
            self._unseen = False
        elif order.index(state.page) > order.index(PageId.COVERAGE):
            self._unseen = False
            if not self._beside[check_in].waits():
                return
            page, now = check_in.page, state.page
            if state.draft.verdict("coverages") in (Verdict.SAME, Verdict.KEPT):
                # Said before anybody looked at the card: the coverage is asked after all.
                cards = with_verdict(state.draft, "coverages", Verdict.OPEN).cards
                check_in.model.dispatch(Answered({"cards": cards}))
            # After this state is shown everywhere: a page is never left while it is being entered.
            turns.then(page, lambda: page.step(now).goWanted.emit(PageId.COVERAGE.value))

    # Keeping the pictures

    def _keep_ready(self, state: CheckInState) -> None:
        """Files the pictures whose person (and coverage) have ids by now, encrypted, once."""
        check_in = self._check_in
        if check_in is None or not self._waiting or state is not check_in.model.state:
            return
        ready = [kept for kept in self._waiting if _about(kept, state.draft) is not None]
        self._waiting = [kept for kept in self._waiting if kept not in ready]
        draft = state.draft
        for kept in ready:
            self._jobs.write(
                _file,
                check_in.use.documents,
                kept,
                (draft.person_id, draft.visit_id, _about(kept, draft) or None),
                owner=self._beside[check_in],
                done=self._beside[check_in].pictures_filed,
            )

    # The payer's words

    @Slot(object, object)
    def _changed(self, kinds: frozenset[Kind], initiator: object) -> None:
        if kinds & {Kind.ELIGIBILITY, Kind.COVERAGE}:
            self._ask_payers()

    def _ask_payers(self) -> None:
        check_in = self._check_in
        if check_in is not None and check_in.draft.person_id:
            self._jobs.read(
                last_answers,
                self._records,
                check_in.draft.person_id,
                owner=check_in.page,
                done=self._beside[check_in].show_answers,
                replaces="payer-words",
            )


def last_answers(records: StoreGateway, person_id: str) -> Mapping[str, Mapping[str, Any]]:
    """The newest answer of a payer for each coverage of a person, by coverage id."""
    store = records.read()
    found = {one.id: answered_checks(store, one) for one in standing(store, person_id)}
    return {id: checks[-1]["answer"] for id, checks in found.items() if checks}


def _form(page: PageId, beside: Beside) -> ScanFormStep:
    sections = CHECK_IN.pages[page].sections

    def wanted(draft: Draft, context: StepContext) -> Any:
        return sections(draft, context.situation)

    return ScanFormStep(wanted, beside)


def _about(kept: _Kept, draft: Draft) -> str | None:
    """What the pictures are filed under: a coverage's id, "" for the person; None not yet."""
    if not draft.person_id:
        return None
    place = kept.scan.place
    if place < 0:
        return ""
    items = draft.coverages.items
    return (items[place].id or None) if place < len(items) else None


def _jpeg(picture: bytes | Page) -> bytes:
    return as_jpeg(picture.image) if isinstance(picture, Page) else picture


def _keep_beside(journal: DraftJournal, draft_id: str, kept: _Kept) -> None:
    """On the writing thread: beside the draft, from where kill -9 does not take them."""
    journal.keep_pictures(draft_id, kept.scan.number, [_jpeg(one) for one, _ in kept.pictures])


def _pictures_of(
    journal: DraftJournal, check_in: CheckInDesk
) -> tuple[CheckInDesk, Mapping[int, tuple[bytes, ...]]]:
    return check_in, journal.pictures(check_in.draft.id)


def _file(documents: Any, kept: _Kept, about: tuple[str, str, str | None]) -> int:
    """On the writing thread: each picture as JPEG into the encrypted store."""
    person_id, visit_id, about_id = about
    for picture, kind in kept.pictures:
        documents.keep(
            _jpeg(picture),
            kind,
            "image/jpeg",
            person_id=person_id,
            visit_id=visit_id or None,
            about_id=about_id,
        )
    return kept.scan.number
