"""``portico-sim serve``: starts the parts asked for, and says on which ports they listen."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading

from simulator.payers.server import PayerServer
from simulator.terminal.server import serve as serve_terminal


def main() -> None:
    """The ``portico-sim`` program."""
    parser = argparse.ArgumentParser(prog="portico-sim", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="listen on 127.0.0.1 until stopped")
    serve.add_argument("--payer-port", type=int, help="payers over CAQH CORE; 0: any free port")
    serve.add_argument("--terminal-port", type=int, help="card terminal; 0: any free port")
    serve.add_argument("--auto-tap-ms", type=int, help="the patient taps by themselves")
    serve.add_argument(
        "--with-parent", action="store_true", help="stop when standard input is closed"
    )
    serve.add_argument("--slow-seconds", type=float, default=20.0, help="for members SLOW…")
    options = parser.parse_args()
    if options.payer_port is None and options.terminal_port is None:
        options.payer_port = options.terminal_port = 0
    sys.exit(_serve(options))


def _serve(options: argparse.Namespace) -> int:
    """Starts, prints one JSON line with the ports, and waits for SIGTERM or SIGINT."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if options.with_parent:
        threading.Thread(target=_watch_parent, args=(stop,), daemon=True).start()
    told: dict[str, int | str] = {}
    payers = terminal = None
    if options.payer_port is not None:
        payers = PayerServer(options.payer_port, options.slow_seconds)
        told |= {"payer_port": payers.port, "payer_url": payers.url}
    if options.terminal_port is not None:
        terminal = serve_terminal(options.terminal_port, auto_tap_ms=options.auto_tap_ms)
        told |= {"terminal_port": terminal.server_address[1], "terminal_url": terminal.url}
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()
    stop.wait()
    if payers is not None:
        payers.close()
    if terminal is not None:
        terminal.stop()
    return 0


def _watch_parent(stop: threading.Event) -> None:
    """Standard input ends when whoever started us is gone, also by kill -9."""
    while os.read(0, 4096):  # unbuffered: no lock is held when the process ends
        pass
    stop.set()
