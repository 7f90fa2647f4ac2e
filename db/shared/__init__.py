"""The shared database: its own tables, roles and row-level security, and how desks are enrolled."""
