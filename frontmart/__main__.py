"""`python -m frontmart`: the command line."""

from frontmart.cli.__main__ import main

if __name__ == "__main__":
    main()
