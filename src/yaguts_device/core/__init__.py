"""What the firmware decides, without anything it touches: no clock, no flash, no network."""
