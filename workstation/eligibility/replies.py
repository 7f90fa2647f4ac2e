"""Whether what came back is the 271 to our question; anything else is never shown."""

from __future__ import annotations

from workstation.eligibility.connector import CutOffReply, NotAReply, WrongReply
from workstation.kernel.errors import NotUnderstood
from workstation.kernel.phrases import paragraph, phrase
from workstation.x12.model import Interchange, Transaction
from workstation.x12.reading import read_x12

_ASK_AGAIN = "The coverage on file stands as it was. Ask again in two minutes, or call the payer."
_CUT = frozenset({"cut_off", "no_se", "no_iea"})


def checked_reply(payload: str, trace: str) -> str:
    """The interchanges of ``payload`` that answer our question, exactly as they came.

    Raises NotAReply, CutOffReply or WrongReply (TRN02 and BHT03 both of another question).
    """
    try:
        file = read_x12(payload)
    except NotUnderstood as error:
        if error.code == "isa_cut_off":
            raise _cut_off() from None
        raise NotAReply(
            "reply_not_x12",
            paragraph("The clearinghouse sent no answer that can be read.", error.say),
            _ASK_AGAIN,
            retryable=True,
        ) from None
    kinds = [transaction.kind for transaction in file.transactions]
    if "271" not in kinds:
        raise _other_kind(file.interchanges, kinds)
    ours = [one for one in file.interchanges if _answers(one, trace)]
    if any(finding.code in _CUT for one in (ours or file.interchanges) for finding in one.findings):
        raise _cut_off()
    if not ours:
        raise WrongReply(
            "reply_to_another_question",
            "The clearinghouse sent the answer to another question. It was not used.",
            _ASK_AGAIN,
            retryable=True,
        )
    return "".join(one.text for one in ours)


def _other_kind(interchanges: list[Interchange], kinds: list[str]) -> NotAReply | CutOffReply:
    findings = {finding.code for one in interchanges for finding in one.findings}
    if not kinds and findings & _CUT:
        return _cut_off()
    refused = "999" in kinds or any(s.tag == "TA1" for one in interchanges for s in one.segments)
    if refused:
        say = "The clearinghouse refused the form of the question (999 or TA1)."
    else:
        said = "The clearinghouse sent a {kind} where a 271 was due."
        say = phrase(said, kind=kinds[0] if kinds else phrase("file"))
    return NotAReply("reply_not_271", say, "Tell IT support; the coverage on file stands.")


def _cut_off() -> CutOffReply:
    return CutOffReply(
        "reply_cut_off", "The payer's answer stops in the middle.", _ASK_AGAIN, retryable=True
    )


def _answers(interchange: Interchange, trace: str) -> bool:
    return any(
        _has_trace(transaction, trace)
        for group in interchange.groups
        for transaction in group.transactions
        if transaction.kind == "271"
    )


def _has_trace(transaction: Transaction, trace: str) -> bool:
    """TRN02 of our own traces (TRN01 1 or 2) decides; without any TRN, BHT03 does."""
    traces = [s.get(2) for s in transaction.segments if s.tag == "TRN"]
    if traces:
        return trace in traces
    return any(s.tag == "BHT" and s.get(3) == trace for s in transaction.segments[:3])
