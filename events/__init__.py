"""What we do together: joint actions, their shifts and who has a place."""
