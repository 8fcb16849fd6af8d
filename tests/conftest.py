"""Hypothesis draws the same examples every time: what is red here is red everywhere."""

from hypothesis import settings

settings.register_profile("yaguts", deadline=None, derandomize=True, database=None)
settings.load_profile("yaguts")
