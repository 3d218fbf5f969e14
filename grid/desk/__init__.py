"""The desk of cases: what those see and need who work on them."""
