"""What the payer says of a visit, and what the patient would owe: read, opened to its source."""
