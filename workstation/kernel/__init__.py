"""What every capability may lean on: money, time, ids, errors, commands, the unit of work."""
