"""What is done with a case, from the report to the answer, and what everybody sees of it."""
