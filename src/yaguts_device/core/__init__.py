"""What the firmware decides: pure functions, without clock, flash or network."""
