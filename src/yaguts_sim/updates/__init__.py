"""Boards with two slots that are updated, through power cuts and broken answers."""
