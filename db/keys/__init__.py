"""The store's key: where it lies, who else can restore it, how it is changed."""
