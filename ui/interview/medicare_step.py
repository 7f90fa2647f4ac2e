"""The Medicare questions with what they decide so far: who pays first, and what is still open."""

from __future__ import annotations

from ui.controls import Card, IconText, Text
from ui.interview.form_step import FormStep
from ui.interview.step_page import StepContext
from ui.style import SPACE
from ui.words import say
from workstation.interview.flow import CHECK_IN
from workstation.interview.model import Draft, PageId
from workstation.interview.msp_facts import fields_of_open
from workstation.interview.payer_order import decided_order
from workstation.payers.msp import MspDecision

PAYER_WORDS = {
    "black_lung": "Black Lung program",
    "research": "Research program",
    "va": "Veterans Affairs",
    "wc": "Workers' compensation",
    "no_fault": "No-fault insurance",
    "liability": "Liability insurance",
    "ghp[0]": "Group plan",
    "ghp[1]": "Second group plan",
    "medicare": "Medicare",
}


class MedicareStep(FormStep):
    """One key an answer; the order of payers is told as soon as it is decided."""

    def __init__(self) -> None:
        sections = CHECK_IN.pages[PageId.MEDICARE].sections
        super().__init__(lambda draft, context: sections(draft, context.situation))
        self._card = Card(padding=SPACE.m)
        self._order = IconText("circle", "", tone="muted")
        self._because = Text("", tone="muted", wrap=True)
        self._card.add(self._order)
        self._card.add(self._because)
        self._outer.insertWidget(0, self._card)

    def load(self, draft: Draft, context: StepContext) -> None:
        super().load(draft, context)
        decision = decided_order(draft, context.situation)
        if decision is None or decision.order is None:
            open_ones = self._open_words(decision, draft, context)
            words = say("Who pays first is not decided yet.")
            self._order.show_words("circle", words, "muted")
            self._because.setText(open_ones)
        else:
            names = [say(PAYER_WORDS.get(payer, payer)) for payer in decision.order]
            words = say("Pays first: {order}", order=say(", then ").join(names))
            self._order.show_words("circle-check", words, "ok")
            self._because.setText(say(decision.because))

    def _open_words(self, decision: MspDecision | None, draft: Draft, context: StepContext) -> str:
        labels = {field.key: say(field.label) for field in self.fields()}
        paths = decision.open if decision else ()
        keys = [key for path in paths for key in fields_of_open(path, draft, context.situation)]
        asked = [labels[key] for key in keys if key in labels]
        return say("Still open: {questions}", questions=" ".join(asked)) if asked else ""
