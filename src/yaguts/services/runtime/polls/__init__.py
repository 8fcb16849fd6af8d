"""What is known of dispensers that poll, without the database."""
