"""X12 as payers send it: tokenizer, loops and findings on the way in, 270s on the way out."""
