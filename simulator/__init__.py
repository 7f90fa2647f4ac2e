"""A stranger on loopback that plays payers, clearinghouses, card terminal and EHR. Shares no code with the product."""
