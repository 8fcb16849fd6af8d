"""What Yaguts knows about cooking and counting. Pure values and functions: no I/O, no clock."""
