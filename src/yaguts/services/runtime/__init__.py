"""What every service needs: the context, the hub, secrets, files beside the database."""
