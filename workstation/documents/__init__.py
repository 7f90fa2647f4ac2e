"""Images, signatures, raw replies and papers, encrypted, found by the hash of their content."""
