"""How the firmware keeps what it knows, speaks to the server, and moves a dose through a jar."""
