"""What a history begins with: the kitchen, its initial state, its script."""
