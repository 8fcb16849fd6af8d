"""What happens in a history: injected faults, orders, invalid requests."""
