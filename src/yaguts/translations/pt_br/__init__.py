"""The texts in Brazilian Portuguese."""
