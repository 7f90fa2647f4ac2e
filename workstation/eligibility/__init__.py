"""Asking payers what a person is covered for, and reading what they say without guessing."""
