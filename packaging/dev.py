#!/usr/bin/env python3
"""Every task of the project, from a bare machine: python3 packaging/dev.py run | test | ...

Standard library only, and readable by any Python 3.8+, so that it can refuse politely. Each step
does nothing when it is done already, says in one line what it does, and never downloads a Python.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
TOOLS = ROOT / ".tools"
WINDOWS = os.name == "nt"
BIN = "Scripts" if WINDOWS else "bin"
UV_PIN = "uv==0.13.9"
OLDEST, NEWEST = (3, 11), (3, 14)

# Alternatives in one entry are names of the same library on different releases.
WINDOW_PACKAGES = (
    "libgl1",
    "libegl1",
    "libxkbcommon0",
    "libdbus-1-3",
    "libfontconfig1",
    "libglib2.0-0t64|libglib2.0-0",
    "libbrotli1",
    "libgssapi-krb5-2",
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-image0",
    "libxcb-keysyms1",
    "libxcb-randr0",
    "libxcb-render-util0",
    "libxcb-shape0",
    "libxcb-xkb1",
    "libxkbcommon-x11-0",
    "libx11-xcb1",
    "libwayland-cursor0",
    "libcups2t64|libcups2",
    "libpulse0",
    "libzbar0t64|libzbar0",
    "ca-certificates",
)
TEST_PACKAGES = (
    "xvfb",
    "cups",
    "cups-client",
    "printer-driver-cups-pdf",
    "poppler-utils",
)


def say(words):
    print("· " + words, flush=True)


def stop(words):
    print("\n" + words + "\n", file=sys.stderr, flush=True)
    sys.exit(1)


def passes(*command, env=None, quiet=False):
    """Runs a command and says whether it ended well; ``quiet`` shows its words only if not."""
    out = subprocess.PIPE if quiet else None
    done = subprocess.run([str(c) for c in command], cwd=str(ROOT), env=env, stdout=out, stderr=out)
    if done.returncode and quiet:
        words = (done.stdout or b"") + (done.stderr or b"")
        sys.stderr.write(words.decode("utf-8", "replace"))
        sys.stderr.flush()
    return done.returncode == 0


def run(*command, env=None, quiet=False):
    """Runs a command; stops the task where it ends badly."""
    if not passes(*command, env=env, quiet=quiet):
        sys.exit(1)


# -- setting up ---------------------------------------------------------------------------------


def check_python():
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        stop(
            "Portico needs Python %d.%d to %d.%d; this is %s.\n"
            "Start it with such a Python, for instance: python3.11 packaging/dev.py run"
            % (OLDEST + NEWEST + (sys.version.split()[0],))
        )


def debian_family():
    return shutil.which("dpkg-query") is not None and shutil.which("apt-get") is not None


def installed(package):
    done = subprocess.run(
        ["dpkg-query", "-W", "-f=${Status}", package],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    return b"install ok installed" in done.stdout


def venv_works():
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        return False
    return True


def missing_packages(for_tests, also):
    wanted = WINDOW_PACKAGES + (TEST_PACKAGES if for_tests else ()) + also
    missing = [p for p in wanted if not any(installed(name) for name in p.split("|"))]
    # A system Python without ensurepip cannot make an environment; another Python has its own.
    if not venv_works():
        missing.append("python3-venv")
    return missing


def known_to_apt(name):
    done = subprocess.run(
        ["apt-cache", "policy", name], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    return b"Candidate:" in done.stdout and b"Candidate: (none)" not in done.stdout


def names_of(packages):
    """Of each entry the name that this release has; where apt has no lists yet, the older one."""
    return [next((n for n in p.split("|") if known_to_apt(n)), p.split("|")[-1]) for p in packages]


def system_libraries(for_tests, also=()):
    if not debian_family():
        if sys.platform.startswith("linux"):
            say(
                "not a Debian family: system libraries are left to you (docs/install.md lists them)"
            )
        return
    missing = missing_packages(for_tests, also)
    if not missing:
        return
    prefix = sudo_prefix()
    if prefix is None:
        stop(
            "System libraries are missing and this user may not install them. Run\n"
            "  sudo apt-get update && sudo apt-get install --no-install-recommends "
            + " ".join(names_of(missing))
        )
    say("installing %d system packages with apt-get (a few minutes the first time)" % len(missing))
    env = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    run(*prefix, "apt-get", "update", "-qq", env=env, quiet=True)
    run(
        *prefix,
        "apt-get",
        "install",
        "-y",
        "-qq",
        "--no-install-recommends",
        *names_of(missing),
        env=env,
        quiet=True,
    )


def sudo_prefix():
    if not hasattr(os, "geteuid") or os.geteuid() == 0:
        return []
    if shutil.which("sudo"):
        done = subprocess.run(
            ["sudo", "-n", "true"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        if done.returncode == 0:
            return ["sudo", "-n"]
    return None


def uv():
    """The path of uv: our own pinned one in .tools, made on first use."""
    own = TOOLS / BIN / ("uv.exe" if WINDOWS else "uv")
    stamp = TOOLS / "pin"
    if not own.exists() or not stamp.exists() or stamp.read_text() != UV_PIN:
        say("installing " + UV_PIN + " into .tools")
        shutil.rmtree(str(TOOLS), ignore_errors=True)
        run(sys.executable, "-m", "venv", TOOLS, quiet=True)
        run(TOOLS / BIN / "python", "-m", "pip", "install", "-q", UV_PIN, quiet=True)
        stamp.write_text(UV_PIN)
    return own


def uv_env():
    return dict(
        os.environ,
        UV_PYTHON_DOWNLOADS="never",
        UV_PYTHON_PREFERENCE="only-system",
        UV_COMPILE_BYTECODE="1",
        UV_LINK_MODE="copy",
        VIRTUAL_ENV=str(VENV),
    )


def environment():
    """The hash-locked environment, for the program and its tests, of this very Python."""
    lock = ROOT / "packaging" / "requirements-dev.txt"
    stamp = VENV / "portico-stamp"
    project = (ROOT / "pyproject.toml").read_bytes()
    digest = hashlib.sha256(lock.read_bytes() + project + sys.version.encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return
    tool, env, python = uv(), uv_env(), program("python")
    if not is_this_python(python):
        say("making the environment in .venv")
        run(tool, "venv", "-q", "--clear", "--python", sys.executable, VENV, env=env)
    say("installing the locked packages (about 700 MB the first time)")
    seen = () if sys.stderr.isatty() else ("-q",)
    run(tool, "pip", "sync", *seen, "--python", python, "--require-hashes", lock, env=env)
    editable = ("pip", "install", "-q", "--python", python, "--no-deps", "--no-build-isolation")
    run(tool, *editable, "-e", ".", env=env)
    stamp.write_text(digest)


def is_this_python(python):
    """Whether that program is there and of this version: a system's upgrade takes it away."""
    if not python.exists():
        return False
    asked = [str(python), "-c", "import sys; sys.stdout.write(sys.version)"]
    return subprocess.run(asked, stdout=subprocess.PIPE).stdout == sys.version.encode()


def set_up(for_tests):
    check_python()
    system_libraries(for_tests)
    environment()


def program(name):
    return VENV / BIN / (name + (".exe" if WINDOWS else ""))


def headless():
    if WINDOWS or sys.platform == "darwin":
        return False
    return not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


# -- tasks --------------------------------------------------------------------------------------


def task_run(args):
    """opens the workstation with a living demo; without a display it runs the tour"""
    set_up(for_tests=False)
    if headless():
        say("no display here: running the tour instead; look at the pictures in build/tour")
        return task_tour(args)
    run(program("portico"), "--demo", *args)


def task_tour(args):
    """drives the real windows through whole check-ins; pictures and receipts in build/tour"""
    set_up(for_tests=False)
    env = dict(os.environ)
    if headless():
        env.setdefault("QT_QPA_PLATFORM", "offscreen")
    run(program("portico"), "tour", *(args or [ROOT / "build" / "tour"]), env=env)


def task_test(args):
    """passes every check and test: ruff, mypy, import contracts, and the test layers"""
    began = time.monotonic()
    set_up(for_tests=True)
    say("set up in %d s" % (time.monotonic() - began))
    bad = check()
    bad += layers(args)
    took = "%d min %d s" % divmod(int(time.monotonic() - began), 60)
    if bad:
        stop("Not passed, after %s: %s. What was wrong stands above." % (took, ", ".join(bad)))
    say("every check and test passed in " + took)


def layers(args):
    """Runs every layer even where one before it did not pass; returns the names of those."""
    env = test_environment()
    pytest = (program("python"), "-m", "pytest", "-q")
    bad = []
    try:
        for layer in ("unit", "db", "ui"):
            say("tests: " + layer)
            if not passes(*pytest, "-n", "2", "tests/" + layer, *args, env=env):
                bad.append("tests/" + layer)
        say("tests: end to end, on a virtual screen")
        with VirtualScreen() as display:
            seen = dict(env, DISPLAY=display, QT_QPA_PLATFORM="xcb")
            if not passes(*pytest, "tests/end2end", *args, env=seen):
                bad.append("tests/end2end")
    finally:
        shutil.rmtree(env["XDG_RUNTIME_DIR"], ignore_errors=True)
    return bad


def check():
    """Runs every static check; returns the names of those that did not pass."""
    bad = []
    for words, command in (
        ("ruff", (program("ruff"), "check", "-q", ".")),
        ("ruff format", (program("ruff"), "format", "-q", "--check", ".")),
        ("mypy --strict", (program("mypy"),)),
        ("import contracts", (program("lint-imports"), "--no-logo")),
        ("licences", (program("python"), "packaging/third_party.py", "--check")),
    ):
        say(words)
        if not passes(*command, quiet=True):
            bad.append(words)
    return bad


def test_environment():
    runtime = tempfile.mkdtemp(prefix="portico-test-")
    return dict(
        os.environ,
        QT_QPA_PLATFORM="offscreen",
        QT_LOGGING_RULES="qt.qpa.*=false",
        XDG_RUNTIME_DIR=runtime,
        OMP_NUM_THREADS="1",
    )


class VirtualScreen:
    """Xvfb on a free display number, for as long as the block runs; its ``DISPLAY``."""

    def __enter__(self):
        reader, writer = os.pipe()
        # -noreset: the reset after the last window of one test turns the next one away.
        options = ("-screen", "0", "1920x1080x24", "-nolisten", "tcp", "-noreset")
        self.process = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writer), *options],
            pass_fds=(writer,),
            stderr=subprocess.DEVNULL,
        )
        os.close(writer)
        # The whole line: Xvfb writes the number and the line's end apart, and gives up where
        # nobody reads the second. A pipe that ends without a number is an Xvfb that gave up.
        with os.fdopen(reader) as told:
            number = told.readline().strip()
        if not number:
            stop("The virtual screen did not start. Install xvfb and run this again.")
        return ":" + number

    def __exit__(self, *error):
        self.process.terminate()
        self.process.wait()


def task_check(args):
    """the static checks alone"""
    set_up(for_tests=True)
    bad = check()
    if bad:
        stop("Not passed: %s. What was wrong stands above." % ", ".join(bad))


def task_bench(args):
    """the figures, each beside a baseline in the same run"""
    set_up(for_tests=True)
    bench("tests/benchmarks", *args)


def task_desks(args):
    """fifty workstation processes at one database for MINUTES (10): latency, lag, drain"""
    set_up(for_tests=True)
    os.environ["PORTICO_BENCH_MINUTES"] = args[0] if args else "10"
    bench("tests/benchmarks/bench_desks.py")


def bench(*what):
    run(
        program("python"),
        "-m",
        "pytest",
        "-q",
        "-s",
        "-p",
        "no:randomly",
        "-o",
        "python_files=bench_*.py",
        "-o",
        "timeout=0",
        "-o",
        "faulthandler_timeout=0",
        *what,
        env=test_environment(),
    )


def task_simulate(args):
    """10,000 seeds of desks, server and faults; and mistakes that must be caught"""
    set_up(for_tests=True)
    env = dict(os.environ, PYTHONPATH=str(ROOT))
    run(program("python"), "tests/unit/sync/simulate.py", *args, env=env)


def task_faults(args):
    """desk, applier and server killed at every step, bad lines and disks, each ten times"""
    set_up(for_tests=True)
    env = dict(
        test_environment(), PORTICO_FAULT_ROUNDS=os.environ.get("PORTICO_FAULT_ROUNDS", "10")
    )
    faults = ("tests/db/sync/test_faults.py", "tests/db/sync/test_server_faults.py")
    run(program("python"), "-m", "pytest", "-q", "-s", "-o", "timeout=0", *faults, *args, env=env)


def task_judges(args):
    """what strangers' programs say of ours; --kills N, --desks N; names choose judges"""
    set_up(for_tests=True)
    run(program("python"), "packaging/judges.py", *args, env=test_environment())


def task_cluster(args):
    """a Patroni cluster of three PostgreSQL on loopback, to try; Ctrl-C ends it"""
    task_judges(["--cluster", *args])


def task_doctor(args):
    """what works on this machine, and what to do about what does not"""
    set_up(for_tests=False)
    run(program("portico"), "doctor", *args)


def task_lock(args):
    """compiles the locks anew: hashes, no addresses"""
    check_python()
    tool, env = uv(), uv_env()
    for extra, more in (("", ()), ("-dev", ("--extra", "dev"))):
        run(
            tool,
            "pip",
            "compile",
            "-q",
            "--universal",
            "--generate-hashes",
            "--no-emit-index-url",
            "--no-header",
            "--python-version",
            "3.11",
            *more,
            "pyproject.toml",
            "-o",
            "packaging/requirements%s.txt" % extra,
            *args,
            env=env,
        )


TASKS = {
    "run": task_run,
    "test": task_test,
    "tour": task_tour,
    "check": task_check,
    "bench": task_bench,
    "desks": task_desks,
    "simulate": task_simulate,
    "faults": task_faults,
    "judges": task_judges,
    "cluster": task_cluster,
    "doctor": task_doctor,
    "lock": task_lock,
}


def main():
    if len(sys.argv) < 2 or sys.argv[1] not in TASKS:
        print("python3 packaging/dev.py TASK\n")
        for name, task in TASKS.items():
            print("  %-8s %s" % (name, task.__doc__))
        sys.exit(2)
    os.chdir(str(ROOT))
    TASKS[sys.argv[1]](sys.argv[2:])


if __name__ == "__main__":
    main()
