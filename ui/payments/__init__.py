"""Taking money at a visit: the pay step, the payment dialog, the receipt. Plain state beside Qt."""
