"""Virtual time and the timeline of a history."""
