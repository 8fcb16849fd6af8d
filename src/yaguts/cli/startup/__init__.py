"""What the commands need before they do their own work: settings, database, loaded code."""
