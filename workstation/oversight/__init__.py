"""Who looked at whom: the audit trail examined (45 CFR 164.312(b)), disclosures accounted for."""
