"""The network between a dispenser and the server."""
