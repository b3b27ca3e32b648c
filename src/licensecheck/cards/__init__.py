"""What a model card says."""
