"""Ingredient lines as people write them, in both languages."""
