"""Acts on a visit beside its check-in: leaving, moving to the right person, the face sheet."""
