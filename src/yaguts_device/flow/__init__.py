"""The steps of a job on the dispenser: accept an offer, pour, recover, send progress."""
