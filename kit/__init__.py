"""The cellar: small model-free modules that every room may use."""
