"""What a kitchen holds: recipes, the catalogue of spices, jars, stock."""
