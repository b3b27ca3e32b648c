"""Policies: the file, the conditions, the rules, and the presets that ship."""
