"""Recipes in files of other programs, in our own, and in pasted text."""
