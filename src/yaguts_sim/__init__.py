"""A kitchen in one seed: virtual time, failing power and network, scales that know the truth."""
