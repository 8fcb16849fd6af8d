"""Amounts as people type and read them."""
