"""The pages of recipes: one, and those that come from elsewhere or go there."""
