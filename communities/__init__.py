"""Who: accounts, organisations of every kind, memberships, roles and rights."""
