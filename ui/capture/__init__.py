"""Cards and licences in the window: scanned, read behind it, compared, and offered to a person."""
