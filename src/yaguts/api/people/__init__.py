"""People, their households, what they are told, and what they did."""
