"""The operator's word lists in Wagtail's admin: by which rules problems are handled, and the words of answers."""
