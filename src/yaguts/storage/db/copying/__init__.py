"""Whole databases: copied as files, row by row, and into a place of their own for a drill."""
