"""Snorkel both ways: its labeling functions run in our engine, and ours in its appliers.

Snorkel's coding, where ``-1`` abstains and a label is a number, exists here only. Snorkel itself is
imported when a function of ours is handed to it, and torch never.
"""

from __future__ import annotations

from retrolabel.interop.snorkel.adopting import Adopted, adopt, adopt_all
from retrolabel.interop.snorkel.data_points import DataPoint
from retrolabel.interop.snorkel.handing_over import HandedOver, to_snorkel

__all__ = ["Adopted", "DataPoint", "HandedOver", "adopt", "adopt_all", "to_snorkel"]
