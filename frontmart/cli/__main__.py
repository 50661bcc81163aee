"""The entry point of the command line. Slow imports are inside the commands that need them, so `--help` is quick."""

from frontmart.cli import build, export, query, snapshots  # noqa: F401  (each registers its commands)
from frontmart.cli.app import app


def main() -> None:
    """Run the command line; an error is one message on standard error, and its class the exit code."""
    app()


if __name__ == "__main__":
    main()
