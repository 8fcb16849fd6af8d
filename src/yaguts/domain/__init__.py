"""What Yaguts knows about cooking and counting: pure values and functions, no I/O, no clock."""
