"""Papers: language first, who signs, then one paper after another: signed, or left with why."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.controls import Button, Card, IconText, Mark, Text, row, scrolling
from ui.forms.editors import KeyedSegments
from ui.hands import give
from ui.interview.form_step import FormStep
from ui.interview.signature_pad import SignaturePad
from ui.interview.step_page import Evidence, StepContext
from ui.style import SPACE
from ui.words import language as language_now
from ui.words import say
from workstation.interview import options
from workstation.interview.fields import Option
from workstation.interview.flow import CHECK_IN
from workstation.interview.missing import field_problem
from workstation.interview.model import Draft, PageId, PaperAnswer, Said
from workstation.interview.pages_papers import RIGHTS, directive_is_open
from workstation.interview.rules import paper_settled, papers_due
from workstation.interview.summaries import label
from workstation.papers.model import REASONS, Outcome
from workstation.papers.rules import DuePaper

Keep = Callable[[bytes, str, str], None]
"""Keeps a document: its bytes, its kind, its media type. The digest names it at once."""

_OUTCOMES = {
    "": ("circle", "muted", "not yet"),
    Outcome.SIGNED: ("circle-check", "ok", "signed"),
    Outcome.GIVEN: ("circle-check", "ok", "given"),
    Outcome.REFUSED: ("triangle-alert", "warn", "declined"),
    Outcome.UNABLE: ("triangle-alert", "warn", "unable"),
    Outcome.LATER: ("clock", "warn", "later"),
}


_UNSIGNED = "Nothing is signed yet: sign above the line, or say Declines or Unable."


class PaperPane(QWidget):
    """The paper under hand: its text in the patient's language, the pad, and what became of it."""

    settled = Signal(object)
    """(form id, outcome, reason)"""
    asks = Signal(object)
    """The question why was opened; the widget it is asked in."""

    def __init__(self) -> None:
        super().__init__()
        self._paper: DuePaper | None = None
        self._outcome = Outcome.REFUSED
        self._title = Text("", role="body", weight="semibold")
        self._place = Text("", role="small", tone="muted")
        self._body = Text("", wrap=True)
        self._body.setAlignment(Qt.AlignmentFlag.AlignTop)
        inside = QWidget()
        inner = QVBoxLayout(inside)
        inner.setContentsMargins(0, 0, SPACE.s, 0)
        inner.addWidget(self._body)
        inner.addStretch(1)
        self._text = scrolling(inside)
        self._text.setMinimumHeight(104)
        self._text.setAccessibleName(say("Text of the paper"))
        self.pad = SignaturePad()
        self.take = Button("", kind="primary", icon_after="corner-down-left")
        self.clear = Button(say("Clear"), kind="quiet")
        self.refused = Button(say("&Declines"), kind="quiet")
        self.unable = Button(say("&Unable"), kind="quiet")
        self.later = Button(say("&Later"), kind="quiet")
        self._why = Card(padding=SPACE.m, ground="window")
        self._why_words = Text("", weight="semibold")
        self._why.add(self._why_words)
        self._choices: dict[Outcome, KeyedSegments] = {}
        for outcome, reasons in REASONS.items():
            offered = tuple(Option(code, words) for code, words in reasons)
            segments = KeyedSegments(offered, say("Why"))
            segments.chosen.connect(self._reason)
            self._choices[outcome] = segments
            self._why.add(segments)
        self._why.hide()
        self._unsigned = IconText("triangle-alert", say(_UNSIGNED), tone="warn", role="small")
        self._unsigned.hide()
        self.pad.signed.connect(self._unsigned.hide)
        self.take.clicked.connect(self._take)
        self.clear.clicked.connect(self.pad.clear)
        self.refused.clicked.connect(self._ask_refused)
        self.unable.clicked.connect(self._ask_unable)
        self.later.clicked.connect(self._ask_later)
        self._lay_out()

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(SPACE.s)
        box.addWidget(row(self._title, None, self._place))
        box.addWidget(self._text, 1)
        box.addWidget(self.pad)
        box.addWidget(self._unsigned)
        box.addWidget(self._why)
        box.addWidget(
            row(self.refused, self.unable, self.later, None, self.clear, self.take, gap=SPACE.s)
        )

    @property
    def paper(self) -> DuePaper | None:
        """The paper under hand."""
        return self._paper

    def show_paper(self, paper: DuePaper, language: str, facility: str, place: str) -> None:
        """The paper to settle next; the signature on the pad stays, for signing this one too.

        The same paper again keeps an open question why; in another language it is read anew.
        """
        form = paper.form
        known = form.language(language)
        same = self._paper is not None and self._paper.form == form
        self._paper = paper
        self._title.setText(form.title[known])
        self._place.setText(place)
        self._body.setText("\n\n".join(form.text(known, facility)))
        self.later.setVisible(paper.deferrable)
        if same:
            return
        signs = form.asks_signature
        self.pad.setVisible(signs)
        self.clear.setVisible(signs)
        self.refused.setVisible(signs)
        self.unable.setVisible(signs)
        self.take.set_words(say("Signed") if signs else say("Handed over"))
        self._why.hide()
        self._unsigned.hide()

    def take_now(self) -> bool:
        """Signed or handed over, if that can be said; False where nothing was drawn."""
        if self._paper is None:
            return False
        form = self._paper.form
        if form.asks_signature and not self.pad.has_signature:
            self._unsigned.show()
            return False
        outcome = Outcome.SIGNED if form.asks_signature else Outcome.GIVEN
        self.settled.emit((str(form.id), str(outcome), ""))
        return True

    def put_why_away(self) -> bool:
        """Closes the question why a paper is not signed; False where it is not open."""
        if self._why.isHidden():
            return False
        self._why.hide()
        give(self.pad if self.pad.isVisibleTo(self) else self.take)
        return True

    @Slot()
    def _take(self) -> None:
        if not self.take_now():
            give(self.pad)

    @Slot()
    def _ask_refused(self) -> None:
        self._ask(Outcome.REFUSED, say("Why does the patient decline?"))

    @Slot()
    def _ask_unable(self) -> None:
        self._ask(Outcome.UNABLE, say("Why can the patient not sign?"))

    @Slot()
    def _ask_later(self) -> None:
        self._ask(Outcome.LATER, say("Why does it wait?"))

    def _ask(self, outcome: Outcome, words: str) -> None:
        self._outcome = outcome
        self._why_words.setText(words)
        for its, segments in self._choices.items():
            segments.setVisible(its is outcome)
            segments.choose("")
        self._why.show()
        self.asks.emit(self._why)
        proxy = self._choices[outcome].focusProxy()
        if proxy is not None:
            give(proxy)

    @Slot(str)
    def _reason(self, code: str) -> None:
        if self._paper is not None:
            self.settled.emit((str(self._paper.form.id), str(self._outcome), code))


class PapersStep(FormStep):
    """Questions above, papers below; Enter goes through the papers one by one."""

    def __init__(self, keep: Keep) -> None:
        sections = CHECK_IN.pages[PageId.PAPERS].sections
        super().__init__(lambda draft, context: sections(draft, context.situation))
        self._keep = keep
        self._signer = ("", "")
        self._opened: set[str] = set()
        self._list: list[IconText] = []
        self.pane = PaperPane()
        self.pane.settled.connect(self._settled)
        self.pane.asks.connect(self._follow.bring)
        self._card = Card(padding=SPACE.m)
        self._states = QVBoxLayout()
        self._states.setSpacing(SPACE.xs)
        states = QWidget()
        states.setLayout(self._states)
        states.setMinimumWidth(120)
        states.setMaximumWidth(272)
        side = QWidget()
        side_box = QVBoxLayout(side)
        side_box.setContentsMargins(0, 0, 0, 0)
        side_box.addWidget(states)
        side_box.addStretch(1)
        self._done = IconText("circle-check", say("Every paper is settled."), tone="ok")
        pane_side = QWidget()
        pane_box = QVBoxLayout(pane_side)
        pane_box.setContentsMargins(0, 0, 0, 0)
        pane_box.addWidget(self.pane, 1)
        pane_box.addWidget(self._done)
        self._card.add(row(side, pane_side, gap=SPACE.l))
        self._answers = Text("", wrap=True)
        self._change = Button(say("C&hange"), kind="quiet")
        self._change.clicked.connect(self._open_all)
        self._column.insertWidget(0, self._settled_card())
        self._column.insertWidget(1, self._card)

    def _settled_card(self) -> Card:
        """The questions that are answered already, in one line that can be opened."""
        across = QWidget()
        box = QHBoxLayout(across)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(Mark("circle-check", "ok"))
        box.addWidget(self._answers, 1)
        box.addWidget(self._change)
        self._settled_questions = Card(padding=SPACE.s)
        self._settled_questions.add(across)
        return self._settled_questions

    def load(self, draft: Draft, context: StepContext) -> None:
        signer = (draft.signer.right, draft.signer.name)
        if signer != self._signer:
            self._signer = signer
            self.pane.pad.clear()
        super().load(draft, context)
        self._fold(draft, context)
        due = papers_due(draft, context.situation)
        directive = directive_is_open(draft, context.situation)
        self._show_states(draft, due, directive)
        waiting = [paper for paper in due if not paper_settled(draft, paper)]
        self.pane.setVisible(bool(waiting))
        self._done.setVisible(not waiting)
        settled = say("Every paper is settled.")
        if directive:
            words = f"{settled} {say('The advance directive is still open.')}"
            self._done.show_words("circle", words, "muted")
        else:
            self._done.show_words("circle-check", settled, "ok")
        if waiting:
            before = self.pane.paper
            self.pane.show_paper(
                waiting[0],
                draft.about.language or "en",
                context.situation.facility_name,
                say("{n} of {all}", n=due.index(waiting[0]) + 1, all=len(due)),
            )
            if before is None or before.form != waiting[0].form:
                self.entered.emit(f"papers.{waiting[0].form.id}")

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._opened.clear()

    def evidence(self, key: str) -> Evidence | None:
        paper = self.pane.paper
        if paper is None or key != f"papers.{paper.form.id}":
            return None
        language = paper.form.language(language_now())
        return Evidence(title=paper.form.title[language], why=paper.form.why[language])

    def _fold(self, draft: Draft, context: StepContext) -> None:
        """Questions that are all answered fold into one line, so that the paper is in sight.

        What was opened stays open until the page is left: nothing jumps while it is used.
        """
        for section in self._sections(draft, context):
            open_here = [
                field
                for field in section.shown(draft, context.situation)
                if field_problem(field, draft, context.situation) is not None
            ]
            undirected = section.key == "directive" and directive_is_open(draft, context.situation)
            if open_here or undirected:
                self._opened.add(section.key)
        folded = False
        for key, view in self._views.items():
            shown = bool(view.keys)
            self._cards[key].setVisible(shown and key in self._opened)
            folded = folded or (shown and key not in self._opened)
        self._settled_questions.setVisible(folded)
        self._answers.setText(answers_line(draft))

    @Slot()
    def _open_all(self) -> None:
        self._opened |= set(self._views)
        if self._context is not None:
            self.load(self._draft, self._context)
            self.focus_on(next(iter(self.fields())).key if self.fields() else None)

    def focus_on(self, key: str | None) -> bool:
        if key is not None and key.startswith("papers."):
            paper = self.pane.paper
            signs = paper is not None and paper.form.asks_signature
            target: QWidget = self.pane.pad if signs else self.pane.take
            give(target)
            self._follow.bring(self.pane)
            self.entered.emit(key)
            return True
        found = super().focus_on(key)
        if not found and self.pane.paper is not None and self.pane.isVisibleTo(self):
            return self.focus_on(f"papers.{self.pane.paper.form.id}")
        return found

    def take_enter(self) -> bool:
        """Enter settles the paper under hand, once the questions above are answered."""
        if self._context is None or not self.pane.isVisible() or self.first_to_answer():
            return False
        return self.pane.take_now()

    def take_escape(self) -> bool:
        """Esc puts the question why away first."""
        return self.pane.isVisible() and self.pane.put_why_away()

    def _show_states(self, draft: Draft, due: tuple[DuePaper, ...], directive: bool) -> None:
        for old in self._list:
            self._states.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._list = []
        for paper in due:
            answer = draft.paper(str(paper.form.id))
            icon, tone, word = _OUTCOMES[Outcome(answer.outcome) if answer.outcome else ""]
            title = paper.form.title["en"]
            line = IconText(icon, say(title), tone=tone)
            line.setToolTip(f"{say(title)}: {say(word)}. {say(paper.because)}")
            line.setAccessibleDescription(say(word))
            self._list.append(line)
        if directive:
            line = IconText("circle", say("Advance directive"), tone="muted")
            line.setAccessibleDescription(say("not yet"))
            self._list.append(line)
        for line in self._list:
            self._states.addWidget(line)

    @Slot(object)
    def _settled(self, what: tuple[str, str, str]) -> None:
        form_id, outcome, reason = what
        paper = self.pane.paper
        if paper is None:
            return
        answer = PaperAnswer(
            form_id,
            version=paper.form.version,
            language=paper.form.language(self._draft.about.language or "en"),
            outcome=outcome,
            reason=reason,
        )
        if outcome == Outcome.SIGNED:
            answer = self._with_signature(answer)
        others = tuple(p for p in self._draft.papers if p.form_id != form_id)
        self.edited.emit({"papers": (*others, answer)})
        if self.pane.isVisibleTo(self):
            give(self.pane.take)
        else:
            self.pastEnd.emit()

    def _with_signature(self, answer: PaperAnswer) -> PaperAnswer:
        strokes, image = self.pane.pad.as_json(), self.pane.pad.as_png()
        self._keep(strokes, "signature_strokes", "application/json")
        self._keep(image, "signature", "image/png")
        return replace(
            answer,
            strokes=hashlib.sha256(strokes).hexdigest(),
            image=hashlib.sha256(image).hexdigest(),
        )


def answers_line(draft: Draft) -> str:
    """Language, interpreter and who signs, in one line."""
    language = say(label(options.LANGUAGES, draft.about.language or "en"))
    if draft.about.interpreter is Said.YES:
        language = say("{language}, interpreter", language=language)
    signer = say(label(RIGHTS, draft.signer.right)) if draft.signer.right else ""
    if draft.signer.name:
        signer = f"{draft.signer.name}, {signer}"
    return " · ".join(part for part in (language, say("signs: {who}", who=signer)) if part)
