"""What is known of requests while they are answered: their ids, counts and lines in the log."""
