"""Playing histories: the command, shrinking, exhaustive walks, facts."""
