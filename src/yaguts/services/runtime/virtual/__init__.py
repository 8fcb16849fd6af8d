"""Virtual dispensers: processes with the real firmware."""
