"""A card processor and its readers on loopback, shaped like Stripe Terminal, with its own book."""
