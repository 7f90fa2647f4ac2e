"""The words that American insurance cards print before each field. Data as patterns."""

from __future__ import annotations

import re

# OCR drops spaces and takes I for l or 1: a space in a pattern may be missing, "~" is any I.
_I = "[iIl1|]"


def _label(*alternatives: str, glued: str = "") -> re.Pattern[str]:
    """``glued`` is so distinctive that letters and digits may touch it on both sides."""
    words = "|".join(alternatives).replace("~", _I).replace(" ?", " ").replace(" ", r"[\s.\-]*")
    pattern = rf"(?<![A-Za-z0-9])(?:{words})(?![A-Za-z])[\s.:#\-=]*"
    if glued:
        word = glued.replace("~", _I)
        pattern += rf"|(?<![A-Za-z]){word}(?-i:(?![a-z]))[\s.:#\-=]*"
    return re.compile(pattern, re.IGNORECASE)


_NUMBER = r"(?:~[do0] ?(?:no|num|numb(?:er?)?|nbr|#)?|no|num|numb(?:er?)?|nbr|#|d(?=\s*[:#]))"
_WHO = (
    "(?:member|mem|mbr|subscriber|subscr|sub|enrollee|identification|cardholder|card holder|"
    "policy ?holder|policy|insured|insured's|recipient|medicaid|medicare|beneficiary|patient|"
    "participant|employee|certificate|contract|customer|client|card|(?:dod )?benefits?|dod|"
    "sponsor(?:'s)? (?:dbn|dod)?|member's|subscriber's|enrollee's|medical|health plan|health ~d|"
    "health record|unique|mmis|medicaid recipient|case ?/ ?client)"
)
_PERSON = (
    "(?:member|subscriber|enrollee|cardholder|card holder|insured|patient|participant|"
    "beneficiary|employee|recipient|customer|sponsor)"
)
_RX = "(?:rx|pharmacy|prescription)"

# Tried in this order; at one place the longest match wins, then the earlier key.
LABELS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("rx_all", _label(rf"{_RX} b~n ?/ ?(?:{_RX})? ?pcn ?/ ?(?:{_RX})? ?(?:grp|group|gr)")),
    ("rx_two", _label(rf"{_RX}? ?b~n ?/ ?(?:{_RX})? ?pcn")),
    (
        "rx_bin",
        _label(
            rf"{_RX} ?b~n ?(?:no|number|#)?", "b~n ?(?:no|number|#)?", f"{_RX} ?~~n", glued="rxb~n"
        ),
    ),
    (
        "rx_pcn",
        _label(
            rf"(?:{_RX})? ?pcn ?(?:no|number|#)?", "processor control (?:no|number)", glued="rxpcn"
        ),
    ),
    ("rx_group", _label(rf"{_RX} ?(?:grp|group|gr|gp) ?{_NUMBER}?", glued="rxgr(?:ou)?p")),
    ("rx_id", _label(rf"{_RX} ?~d ?(?:no|number|#)?")),
    ("issuer", _label(r"(?:~ssuer|health plan)? ?\(?80840\)?")),
    (
        "payer_id",
        _label(
            r"(?:electronic |ed~ |medical |claims? )?(?:payer|payor) ?(?:~d|no|number|code)"
            " ?(?:no|number|#)?",
            "ed~ ?(?:payer|payor)? ?(?:~d|no|number|#)?",
            "electronic claims? (?:~d|payer)",
            "payer/ed~",
        ),
    ),
    (
        "member_id",
        _label(
            rf"{_WHO} ?{_NUMBER}(?: ?/ ?n[uú]mero de [a-z ]{{2,20}})?",
            "~d ?(?:no|num|number|nbr|#)",
            r"~d(?=[\s:#])",
            r"^~d(?=\s*$)",
            r"(?:member )?r~d(?=[\s:#]|$)",
            r"c~n(?=[\s:#]|$)",
            "(?:sponsor )?dbn",
            "n[uú]mero de medicare",
        ),
    ),
    (
        "group",
        _label(rf"(?:employer )?(?:group|grp|gr) ?(?:{_NUMBER}|code)?", "account ?(?:no|number|#)"),
    ),
    ("group_name", _label("(?:group|employer|company|account) name", "employer")),
    (
        "pcp",
        _label(
            "(?:pcp|primary care (?:physician|provider|doctor|dr)|(?:your )?doctor|physician)"
            " ?(?:name)?",
            "provider name",
        ),
    ),
    ("pcp_phone", _label("pcp (?:phone|telephone|tel)", "doctor(?:'s)? phone")),
    (
        "dependents",
        _label(
            r"(?:covered )?dependents?(?:\(s\))?(?: names?)?",
            "covered (?:members|family|persons)",
            "family members",
            "spouse",
            "child(?:ren)?",
        ),
    ),
    (
        "member_name",
        _label(
            rf"{_PERSON}(?:'s)? name",
            rf"name of {_PERSON}",
            r"name ?[/:]? ?nombre",
            "nombre",
            "name",
            r"(?:primary )?(?:member|subscriber|enrollee|cardholder|insured|employee)(?:'s)?",
        ),
    ),
    (
        "effective",
        _label(
            r"(?:plan |coverage |member |medical |original |card )?eff(?:ective)?(?: date| dt)?",
            r"(?:coverage|plan) (?:starts?|begins?|start date|began)(?: ?/ ?cobertura emp~eza)?",
            r"(?:med~cal|hosp~tal) ?\(part [ab]\)",
            "part [ab]",
            "member since",
            "valid from",
            "enrollment date",
            "start date",
        ),
    ),
    (
        "plan",
        _label(
            r"(?:benefit |health |medical |your )?plan(?: name| type)?",
            "product(?: name)?",
            "coverage(?: type)?",
            "network(?: name)?",
            "type of coverage",
        ),
    ),
    (
        "other",
        _label(
            r"(?:date of birth|dob|birth date|sex|gender|ssn)",
            r"~ssued?(?: date)?",
            "print(?:ed)? date",
            "(?:card )?~ssue date",
            "plan code",
            "plan ~d",
            "plan no",
            "plan number",
            "cms",
            r"(?:exp(?:iration|ires)?|through|termination|end)(?: date)?",
            "rank",
            "service",
            r"(?:individual|family)? ?(?:deductible|ded)",
            r"(?:out of pocket|oop)(?: max(?:imum)?)?",
            "coinsurance",
            "tier",
            "generic",
            "brand",
            "dental",
            "vision",
            "division",
            "class",
            "person code",
            "suffix",
            "relationship",
            "medical group",
            "case (?:no|number)",
            "county",
            "help ?desk",
            "ipa",
            "aid code",
            "program",
        ),
    ),
)

# Words that never belong to a person's name.
NOT_NAMES = frozenset(
    """health healthcare care insurance plan plans blue cross shield medicare medicaid group member
    members subscriber id number no copay copays copayment office visit emergency specialist urgent
    rx bin pcn pharmacy prescription ppo hmo epo pos hdhp hsa deductible coinsurance network
    effective date issued coverage hospital medical dental vision benefits benefit card customer
    service services provider providers claims claim payer of the and for please call phone street
    box po usa choice advantage gold silver bronze platinum standard basic premier select preferred
    plus tricare prime family individual employee type program department part open access dependent
    dependents name primary physician void company inc llc corporation department
    doctor employer state county america american national united administered by this is not to
    in out generic brand tier preventive inpatient outpatient room lab drug drugs value rewards
    identification recipient beneficiary cardholder enrollee sponsor uniformed""".split()  # noqa: SIM905
)
