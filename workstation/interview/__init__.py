"""The interview as data: pages, fields, drafts, what changed, what is missing and why."""
