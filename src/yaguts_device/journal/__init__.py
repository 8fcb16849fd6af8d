"""What the dispenser keeps in flash: its job, the state of each dose, its token."""
