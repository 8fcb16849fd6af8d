"""How alerts leave the server: through a child process, which ends when there is nothing to do."""
