"""The spice of a jar."""
