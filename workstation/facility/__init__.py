"""Facilities, departments, clinicians and this desk's identity."""
