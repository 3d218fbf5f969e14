"""The demo town's actions, made by the deeds that people use.

The kinds of action and the places are the source article's; the words are our own. Told twice on one day it changes
nothing; on a later day it adds coming actions where fewer than three lie ahead and touches nothing that has happened.
"""

from .telling import tell

__all__ = ["tell"]
