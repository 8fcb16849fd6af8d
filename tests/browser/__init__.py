"""The pages in a real Chromium, with the real server and the real firmware."""
