"""Work: what waits for a person. ``WorkPage(jobs, bus, waiting)`` and the overlays that settle."""
