"""Who hears of a case, and in what words."""
