"""Amounts as people write them, and what a spoon of each spice weighs."""
