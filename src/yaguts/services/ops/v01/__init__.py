"""What becomes of the rows of a version 0.1: people, recipes, jars, boards, orders."""
