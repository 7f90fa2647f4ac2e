"""The server's side of the shared database: the applier that turns the inbox into rows and feed."""
