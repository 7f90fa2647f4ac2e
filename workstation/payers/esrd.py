"""The kidney-disease coordination period: 30 months in which a group plan pays before Medicare.

42 CFR 406.13(e), 411.162, 411.163. All dates are plain dates; months are calendar months.
"""

from __future__ import annotations

from datetime import date

WAITING_MONTHS = 3


def add_months(day: date, months: int) -> date:
    """The first day of the month that lies ``months`` after the month of ``day``."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, 1)


def coordination_start(
    dialysis_start: date | None, self_training: bool, transplant: date | None
) -> date | None:
    """The first day of the coordination period, or None without dialysis and transplant.

    It begins with the third month after the month in which dialysis began; at once, with the
    month itself, where self-dialysis training was taken up, or with the month of a transplant.
    """
    starts = []
    if dialysis_start is not None:
        starts.append(add_months(dialysis_start, 0 if self_training else WAITING_MONTHS))
    if transplant is not None:
        starts.append(add_months(transplant, 0))
    return min(starts, default=None)


def is_inside(start: date, day: date, months: int) -> bool:
    """Whether a day lies in the period of ``months`` calendar months that begins at ``start``."""
    return start <= day < add_months(start, months)
