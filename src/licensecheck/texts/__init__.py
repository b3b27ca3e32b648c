"""Which license a text is."""
