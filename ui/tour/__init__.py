"""A simulated person goes through whole check-ins in the real windows, and everything is told."""
