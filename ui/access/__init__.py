"""Signing in, locking, veiling: who may look at this screen."""
