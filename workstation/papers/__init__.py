"""Papers: forms and consents, who may sign them, what was printed and signed."""
