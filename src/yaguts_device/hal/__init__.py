"""The board under the firmware: one interface, a real one and one in a process."""
