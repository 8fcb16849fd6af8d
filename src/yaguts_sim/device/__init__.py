"""A simulated dispenser with the real firmware."""
