"""From evidence to a resolution: declared, concluded, contradictions and upstream models."""
