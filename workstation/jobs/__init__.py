"""Persistent jobs: work that waits for the outside and survives a crash. Knows no business."""
