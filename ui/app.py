"""The process of the window: QApplication, fonts, theme, crash path. The only user of its instance.

Imports stay light on purpose: the data layer is loaded on a worker thread after the first paint.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QLoggingCategory
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from ui import style

SWITCH_SECONDS = 0.001
"""Interpreter switch interval: a busy Python thread then delays the window by 0.7 ms, not 5."""


def prepare(
    argv: Sequence[str] = (),
    scheme: style.Scheme = style.Scheme.SYSTEM,
    *,
    first: bool = False,
) -> QApplication:
    """The application object, dressed: one family of type, one theme, the focus ring.

    Called again (tests) it dresses the application that exists. With ``first`` only what the first
    paint needs is done, and :func:`settle` has to follow it.
    """
    existing = QCoreApplication.instance()
    if existing is None:
        sys.setswitchinterval(SWITCH_SECONDS)
        # A bundled font needs no system font directory; Qt's notice of its absence is noise.
        QLoggingCategory.setFilterRules("qt.qpa.fonts=false")
        # By name: to ask for the style, or to set one, makes its Python class and 6 ms of enums.
        existing = QApplication([argv[0] if argv else "portico", "-style", "fusion", *argv[1:]])
    app = existing
    assert isinstance(app, QApplication)  # noqa: S101
    QCoreApplication.setApplicationName("Portico")
    QGuiApplication.setApplicationDisplayName("Portico")
    app.setProperty("scheme", scheme.value)
    if not app.property("dressed"):
        style.load_fonts()
        app.setProperty("dressed", True)
    if first:
        style.apply(app, style.glance(app) if scheme is style.Scheme.SYSTEM else scheme)
    else:
        style.apply(app, scheme)
        settle(app)
    return app


def settle(app: QApplication) -> None:
    """What the first paint did not wait for: the focus ring, the desktop's exact wishes."""
    if app.property("settled"):
        return
    app.setProperty("settled", True)
    from ui.controls.focus import FocusRing

    ring = FocusRing(app)
    ring.setObjectName("focus-ring")
    wanted = style.Scheme(app.property("scheme"))
    if wanted is style.Scheme.SYSTEM and style.system_scheme(app) is not style.current().scheme:
        style.apply(app, wanted)
