"""A kitchen's recipes, the spices to choose from, and its jars and motor."""
