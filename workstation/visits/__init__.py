"""Visit number, reason, clinicians, patient class, guarantor, and the emergency lock."""
