"""What the code elements of an EB loop mean here; labels are our own, short and in plain words."""

from __future__ import annotations

from collections.abc import Iterable

ACTIVE = frozenset("12345")
INACTIVE = frozenset("678")

KINDS = {
    **dict.fromkeys(ACTIVE, "active"),
    **dict.fromkeys(INACTIVE, "inactive"),
    "A": "coinsurance",
    "B": "copay",
    "C": "deductible",
    "CB": "benefit",
    "D": "benefit",
    "E": "exclusion",
    "F": "limitation",
    "G": "out_of_pocket",
    "H": "benefit",
    "I": "not_covered",
    "J": "cost_containment",
    "L": "primary_care",
    "R": "other_payer",
    "U": "contact",
    "V": "cannot_process",
    "Y": "spend_down",
}
"""EB01 to ``kind``; anything else is ``other``. Published tables are often off by one after U."""

STATUS_WORDS = {
    "1": "active",
    "2": "active, full risk capitation",
    "3": "active, services capitated",
    "4": "active, services capitated to the primary care clinician",
    "5": "active, the payer is still looking into it",
    "6": "inactive",
    "7": "inactive, the payer is updating eligibility",
    "8": "inactive, the payer is still looking into it",
}

PERIODS = {
    "7": "day",
    "22": "service_year",
    "23": "calendar_year",
    "24": "year_to_date",
    "25": "contract",
    "26": "episode",
    "27": "visit",
    "29": "remaining",
    "32": "lifetime",
    "33": "lifetime_remaining",
    "34": "month",
    "36": "admission",
}
"""EB06 to ``period``; blank is None, anything else ``other``."""

NETWORKS = {"Y": "in", "N": "out", "W": "both", "U": "unknown", "": "not_stated"}
AUTHORIZATIONS = {"Y": "yes", "N": "no"}

DATE_QUALIFIERS = {
    "291": ("plan", "span"),
    "346": ("plan", "begin"),
    "347": ("plan", "end"),
    "292": ("benefit", "span"),
    "348": ("benefit", "begin"),
    "349": ("benefit", "end"),
    "307": ("eligibility", "span"),
    "356": ("eligibility", "begin"),
    "357": ("eligibility", "end"),
    "290": ("coordination", "span"),
    "435": ("admission", "span"),
    "096": ("discharge", "span"),
    "472": ("service", "span"),
}
"""DTP01 to the ``qualifier`` of the benefit model and to which end of a range it tells."""

COVERAGE_DATES = frozenset({"plan", "benefit", "eligibility"})
"""Dates that bound coverage; the others only accompany it."""

INSURANCE_TYPES = {
    "12": "Medicare secondary: working aged",
    "13": "Medicare secondary: end-stage renal disease",
    "14": "Medicare secondary: no-fault or automobile",
    "15": "Medicare secondary: workers' compensation",
    "16": "Medicare secondary: public health or federal agency",
    "41": "Medicare secondary: black lung",
    "42": "Medicare secondary: veterans",
    "43": "Medicare secondary: disabled, large group plan",
    "47": "Medicare secondary: other liability",
    "AP": "auto policy",
    "C1": "commercial",
    "CO": "COBRA",
    "CP": "Medicare, conditionally primary",
    "EP": "exclusive provider plan",
    "GP": "group policy",
    "HM": "HMO",
    "HN": "Medicare Advantage HMO",
    "HS": "special low-income Medicare beneficiary",
    "IN": "indemnity",
    "IP": "individual policy",
    "LT": "litigation",
    "MA": "Medicare Part A",
    "MB": "Medicare Part B",
    "MC": "Medicaid",
    "MI": "Medigap Part A",
    "MP": "Medicare primary",
    "OT": "other",
    "PE": "property: personal",
    "PR": "PPO",
    "PS": "point of service",
    "QM": "Qualified Medicare Beneficiary",
    "SP": "supplemental policy",
    "WC": "workers' compensation",
}
MEDICARE_ADVANTAGE_TYPES = frozenset({"HM", "HN", "IN", "PR", "PS", "EP"})
"""EB04 of the plan that stands in for Medicare or Medicaid where an EB*R or EB*U names it."""

PLACES = {
    "02": "telehealth away from home",
    "10": "telehealth at home",
    "11": "office",
    "12": "home",
    "19": "off-campus outpatient hospital",
    "20": "urgent care",
    "21": "inpatient hospital",
    "22": "outpatient hospital",
    "23": "emergency room",
    "24": "surgical center",
    "31": "skilled nursing facility",
    "81": "laboratory",
}

_MESSAGE_TAGS = {
    "specialist": ("SPECIALIST",),
    "primary_care": ("PRIMARY CARE", "PCP"),
    "tier": ("TIER",),
    "telehealth": ("TELEHEALTH", "TELEMEDICINE", "VIRTUAL"),
    "prior_authorization": ("PRIOR AUTH", "PREAUTH", "PRE-AUTH", "PRECERT", "PRE-CERT"),
    "out_of_network": ("OUT OF NETWORK", "OUT-OF-NETWORK", "NON-PARTICIPATING", "NON PAR"),
}


def message_tags(messages: Iterable[str]) -> list[str]:
    """What the words of MSG segments speak of; amounts are never read from them."""
    said = " ".join(messages).upper()
    return [tag for tag, words in _MESSAGE_TAGS.items() if any(word in said for word in words)]
