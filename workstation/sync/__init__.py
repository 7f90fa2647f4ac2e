"""How desks and the shared database come to agree: merge rules, the kernel, conflicts."""
