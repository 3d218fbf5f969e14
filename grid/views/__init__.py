"""What browsers ask of this room."""
