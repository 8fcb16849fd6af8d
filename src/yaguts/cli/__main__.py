"""`python -m yaguts.cli` is `yaguts`."""

from yaguts.cli import main

if __name__ == "__main__":
    main()
