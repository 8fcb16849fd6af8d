"""The tests, in the same folders as src; architecture/ holds the rules of the house."""
