"""Trying Yaguts without a board: a virtual dispenser, example recipes, first steps."""
