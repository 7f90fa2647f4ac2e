"""The person: identity, names and addresses; search, duplicate matching and validation."""
