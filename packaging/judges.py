"""Strangers' programs judge ours: ``dev.py judges`` and ``dev.py cluster``.

``dev.py test`` needs nothing but the repository; what a judge needs is installed here.
"""

import contextlib
import os
import sys
import tempfile
from pathlib import Path

import dev

CLUSTER = ("patroni", "etcd-server", "python3-etcd", "postgresql-15", "pgbouncer")

# Judge, what installs it, the test that asks it, and what it must say.
JUDGES = (
    (
        "Patroni and etcd; PgBouncer",
        CLUSTER,
        "tests/judges/test_patroni_failover.py",
        "the primary dies again and again under 50 desks: every command is there once",
    ),
    (
        "Patroni's synchronous mode",
        CLUSTER,
        "tests/judges/test_patroni_durability.py",
        "without it a confirmed command is lost, with it none is",
    ),
    (
        "Patroni's standbys",
        CLUSTER,
        "tests/judges/test_patroni_standbys.py",
        "a new desk is filled from one of them, but not from one that is behind",
    ),
    (
        "Debian's PostgreSQL over TLS",
        ("postgresql-15",),
        "tests/judges/test_postgres_tls.py",
        "a server that cannot prove itself, or a login without its proof, gets nothing",
    ),
    (
        "Debian's PgBouncer",
        ("pgbouncer",),
        "tests/judges/test_pgbouncer.py",
        "forty desks share three connections, and none is taken for another",
    ),
)


class NothingStarts:
    """While this lasts, packages start no service (policy-rc.d) and make no main cluster.

    A machine that has a policy of its own, such as a container, keeps it.
    """

    FILES = (
        (Path("/usr/sbin/policy-rc.d"), "#!/bin/sh\nexit 101\n"),
        (
            Path("/etc/postgresql-common/createcluster.d/portico.conf"),
            "create_main_cluster = false\n",
        ),
    )

    def __enter__(self):
        self.prefix = dev.sudo_prefix()
        self.made = [path for path, content in self.FILES if self.put(path, content)]

    def put(self, path, content):
        if self.prefix is None or path.exists():
            return False  # without the right to, nothing is installed either: that is told then
        with tempfile.NamedTemporaryFile("w") as made:
            made.write(content)
            made.flush()
            return dev.passes(*self.prefix, "install", "-D", "-m", "755", made.name, path)

    def __exit__(self, *error):
        for path in self.made:
            dev.passes(*self.prefix, "rm", "-f", path)


def install():
    """Installs what is missing of all judges."""
    if not dev.debian_family():
        dev.stop("The judges are packages of Debian and Ubuntu.")
    also = tuple(sorted({name for _, names, _, _ in JUDGES for name in names}))
    with NothingStarts() if dev.missing_packages(True, also) else contextlib.nullcontext():
        dev.system_libraries(for_tests=True, also=also)


def ask(args):
    """Asks the judges whose test has one of these names in it, or all of them."""
    names = [each for each in args if any(each in path for _, _, path, _ in JUDGES)]
    options = [each for each in args if each not in names]
    pytest = (sys.executable, "-m", "pytest", "-q", "-s", "-o", "timeout=0")
    bad = []
    for judge, _packages, path, says in JUDGES:
        if names and not any(name in path for name in names):
            continue
        dev.say("%s: %s" % (judge, says))
        if not dev.passes(*pytest, "-o", "faulthandler_timeout=0", path, *options):
            bad.append(judge)
    if bad:
        dev.stop("Not content: %s. What was wrong stands above." % ", ".join(bad))
    dev.say("every judge is content")


def main():
    os.chdir(str(dev.ROOT))
    install()
    if "--cluster" in sys.argv:
        dev.run(
            sys.executable,
            "tests/judges/patroni_cluster.py",
            env=dict(os.environ, PYTHONPATH=str(dev.ROOT)),
        )
    else:
        ask(sys.argv[1:])


if __name__ == "__main__":
    main()
