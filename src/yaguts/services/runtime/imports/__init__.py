"""What comes from elsewhere is read, and fetched, in processes of their own with limits."""
