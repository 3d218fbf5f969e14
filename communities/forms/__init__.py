"""Forms about accounts and organisations, by what people do."""
