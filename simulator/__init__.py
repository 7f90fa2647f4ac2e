"""A stranger on loopback that plays payers, clearinghouse, card terminal and EHR, on its own code."""
