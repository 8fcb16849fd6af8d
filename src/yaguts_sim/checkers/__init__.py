"""The checkers of the promises: online while a history runs, final when it is over."""
