"""What each role finds at the desk: an account without patients sees none, in no corner."""

from desk_window import desk_window, shown_words, take_seat

from workstation.demo.live import LiveDemo


def test_it_at_a_registrars_desk_sees_no_patient(desk):
    with LiveDemo() as demo, desk_window(desk, demo.workstation, "rdiaz") as made:
        window = made.window
        assert "DUBOIS," in shown_words(window).upper()
        names = {p["last"].upper() for p in demo.workstation.store.read().find("person")}
        take_seat(made, desk, "itdesk")
        words = shown_words(window).upper()
        assert not {name for name in names if f"{name}," in words}
        for gone in ("arrivals", "work"):
            window.go(gone)
            assert window.place == "settings"
        desk.press("Ctrl+K", "Alt+1", "Alt+2")
        assert not made.find.isVisible()
        take_seat(made, desk, "rdiaz")
        assert window.place == "arrivals"
        assert window.top.find_box.isVisible()
        assert "DUBOIS," in shown_words(window).upper()
