"""Papers and pictures of a chart, to be looked at again."""
