"""The command line of contracts.md: arguments in, use cases, JSON out. Needs no display."""
