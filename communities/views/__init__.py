"""What people see of accounts and organisations, by what they do there."""
