"""Money taken and given back at the desk: attempts, terminals, the ledger and receipt numbers."""
