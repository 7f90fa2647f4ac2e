"""What the patient will owe, to the cent, with the arithmetic in words, and when not to ask."""
