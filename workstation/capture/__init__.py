"""Reads insurance cards, driver's licences and barcodes from images, and says how sure it is."""
