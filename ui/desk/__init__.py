"""Puts one desk together in a window: who signs in, which pages open, what runs behind them."""
