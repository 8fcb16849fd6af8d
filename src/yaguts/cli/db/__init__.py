"""`yaguts db`: backups, restores, moves, upgrades."""
