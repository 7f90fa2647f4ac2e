"""Payers played by scripts: who a member is decides what the 271 says, or how the payer fails."""
