"""Connectors to clearinghouses: each takes a 270 and gives back the raw 271."""
