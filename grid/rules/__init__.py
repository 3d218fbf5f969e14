"""The rules by which problems are handled: the one table, time, deadlines, and whose turn it is."""
