"""The kinds of faults, and when each strikes."""
