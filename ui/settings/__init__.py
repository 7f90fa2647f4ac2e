"""Set-up: how this desk looks and speaks, whom it lists, and which devices it has."""
