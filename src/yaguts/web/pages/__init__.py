"""One module for each thing a cook does. A handler reads the form, calls one service, shows."""
