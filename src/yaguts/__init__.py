"""The server: recipes become jobs, dispensers carry them out, the ledger agrees with what fell."""
