"""The server: recipes become jobs, dispensers carry them out, the books agree with the bowl."""
