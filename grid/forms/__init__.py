"""What people write into the forms of this room."""
