"""The data folder, and what lies in it beside the database."""
