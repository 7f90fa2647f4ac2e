"""Things for a person to settle: subject, owner, due, state. Opened by any later capability."""
