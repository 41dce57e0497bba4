"""What Slack would refuse in blocks and views, and whom they would notify."""

from playground.blocks.payloads import problems_of, problems_of_view
from playground.blocks.pings import pings_of

__all__ = ["pings_of", "problems_of", "problems_of_view"]
