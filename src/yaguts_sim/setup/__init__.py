"""How a history begins: the kitchen, its furnishing, its script."""
