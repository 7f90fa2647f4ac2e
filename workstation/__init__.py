"""The domain of the patient-access desk: rules, use cases, gateways. Knows no Qt and no SQL."""
