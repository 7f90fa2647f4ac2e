"""Texts of the forms that patients sign, and how long an answer stays fresh: data only."""
