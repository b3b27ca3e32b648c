"""Which models to check: readers of model lists."""
