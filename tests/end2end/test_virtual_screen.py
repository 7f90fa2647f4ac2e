"""The virtual screen of the tests is there for the first program and for every later one."""

from __future__ import annotations

import socket
import struct

from packaging_scripts import loaded

GREETING = struct.pack("<cxHHHHxx", b"l", 11, 0, 0, 0)
WELCOME = b"\x01"


def welcomed(display: str) -> bool:
    """Whether the X server lets a program in; the program leaves at once."""
    with socket.socket(socket.AF_UNIX) as program:
        program.settimeout(30.0)
        program.connect(f"/tmp/.X11-unix/X{display.removeprefix(':')}")  # noqa: S108 - X11's own
        program.sendall(GREETING)
        try:
            return program.recv(1) == WELCOME
        except ConnectionResetError:
            return False


def test_a_program_that_leaves_turns_no_other_away(screen: str) -> None:
    assert [welcomed(screen) for _ in range(200)] == [True] * 200


def test_a_screen_that_told_its_number_lives() -> None:
    for _ in range(10):
        with loaded("dev").VirtualScreen() as display:
            assert welcomed(display)
