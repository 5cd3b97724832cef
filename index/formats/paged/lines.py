"""A line of a page, as a program for PDF finds it."""

from typing import NamedTuple


class Line(NamedTuple):
    """A line of a page: its text, where it begins and ends, its baseline (upwards) and its font's size, in points."""

    text: str
    left: float
    right: float
    base: float
    size: float
