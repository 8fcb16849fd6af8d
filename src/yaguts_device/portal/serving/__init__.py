"""What the portal serves. It is loaded while the access point is open, and let go then."""
