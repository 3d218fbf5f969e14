"""The chain: who answers for a place, who fills posts, and what is told of it."""
