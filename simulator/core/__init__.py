"""The clearinghouse's side of CAQH CORE vC2.2.0: reads questions, wraps answers."""
