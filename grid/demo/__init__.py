"""The demo town's grid: its net is a drawing and no survey, and says so (示意).

Names of communities, villages and of the first four roads are the town's own, their places are not; everything else is
invented and named so. Told twice it changes nothing.
"""

from . import chain, net


def tell() -> None:
    """Tell the grid's part of the demo town."""
    net.tell()
    chain.tell()


__all__ = ["tell"]
