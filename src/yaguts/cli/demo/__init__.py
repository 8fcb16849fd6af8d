"""The `yaguts demo` command and what it shows in the terminal."""
