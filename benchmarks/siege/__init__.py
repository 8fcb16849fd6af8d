"""A server under siege: what a dispenser feels of it."""
