"""Where a thread is, without any value: samples of its stack, and what many of them agree on."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from types import CodeType, FrameType

Sample = tuple[tuple[CodeType, int], ...]
"""Code and line of each frame, innermost last."""


def sample(frame: FrameType | None) -> Sample:
    """Taken many times a second, so it only collects; words are made when they are wanted."""
    found: list[tuple[CodeType, int]] = []
    while frame is not None:
        found.append((frame.f_code, frame.f_lineno))
        frame = frame.f_back
    return tuple(reversed(found))


def places(one: Sample) -> tuple[str, ...]:
    """Module, line and function of each frame, innermost last."""
    return tuple(f"{_module(code)}:{line} {code.co_name}" for code, line in one)


def agreed(samples: list[Sample]) -> tuple[str, ...]:
    """The calls, from outside in, that more than half of the samples were inside of."""
    told: list[str] = []
    left, depth = [one for one in samples if one], 0
    while left:
        counted = Counter(one[depth][0] for one in left if len(one) > depth)
        code, times = counted.most_common(1)[0] if counted else (None, 0)
        if code is None or times * 2 <= len(samples):
            break
        told.append(f"{_module(code)} {code.co_name} {100 * times // len(samples)} %")
        left = [one for one in left if len(one) > depth and one[depth][0] is code]
        depth += 1
    return tuple(told)


def _module(code: CodeType) -> str:
    return Path(code.co_filename).stem
