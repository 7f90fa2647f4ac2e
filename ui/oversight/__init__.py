"""Who looked at whom: what stands out, by patient, by person of staff, disclosures."""
