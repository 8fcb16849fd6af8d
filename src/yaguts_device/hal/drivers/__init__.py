"""What moves something: one file a driver."""
