"""A dispenser: power, flash, outputs, scales, and the real firmware on it."""
