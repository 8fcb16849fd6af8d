"""The firmware as files for a board: its sources, folded, compiled and listed in a manifest."""
