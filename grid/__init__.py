"""Where, and who answers for it: the net of areas and roads, the chain of those responsible, and cases."""
