"""Finding people: the palette over everything, and the warning before a second chart is born."""
