"""Who pays: the payer directory, a person's coverages, and the order in which payers pay."""
