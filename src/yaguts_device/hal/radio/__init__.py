"""The radio: networks, the access point, and who listens there."""
