"""Who may do what: accounts, roles, permissions, sign-in, lock, and the audit trail's meaning."""
