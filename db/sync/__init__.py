"""Replication between this desk's encrypted store and the shared PostgreSQL."""
