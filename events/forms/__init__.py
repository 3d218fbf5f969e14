"""What people type into, by what they do with it. Forms see to the shape; whether it is so, the deeds decide."""
