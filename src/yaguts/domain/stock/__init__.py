"""What is in the jars: the ledger, fill levels, waste, calibration, orphan reports."""
