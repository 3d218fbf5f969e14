"""What comes in with a report, before it is a case: pictures, places, drafts, codes."""
