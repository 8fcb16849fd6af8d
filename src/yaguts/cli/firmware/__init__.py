"""`yaguts firmware`: build, sign and publish releases of the firmware."""
