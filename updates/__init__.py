"""The book and the bell: the durable log of live updates, and personal messages with their delivery."""
