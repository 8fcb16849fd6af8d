"""The portal: setting a board up with a phone, over its own Wi-Fi."""
