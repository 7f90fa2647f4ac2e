"""The frame around every page: top bar, rail, page stack, bottom line, and what lies over them.

    window = MainWindow(jobs, bus, permitted=session_allows)
    window.add_place(Place("arrivals", "Arrivals", "users"), page)   # a home of the rail
    window.go("arrivals")
    window.push(check_in_page)      # over the place, until window.pop()
    window.show_state(ShellState(facility="Main Lobby", desk="Desk 3", user="R. Diaz"))
    window.note("Receipt 7F-000412-K printed"); window.offer_undo("Tran, Linh marked as arrived")

A page is a QWidget with ``context`` (its commands), ``target`` (whom they act on) and optionally
``entered()``, ``left()`` and ``panes()`` (for F6). ``WithSide(body, side)`` gives the right panel.
"""
