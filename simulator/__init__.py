"""A stranger on loopback: plays payers, clearinghouse, card terminal and EHR on its own code."""
