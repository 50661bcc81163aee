"""The entry point of the command line."""

from frontmart.cli import build, export, query, snapshots  # noqa: F401  (each registers its commands)
from frontmart.cli.app import app

__all__ = ["app", "main"]


def main() -> None:
    """Run the command line. An error is one line on standard error; its class decides the exit code."""
    app()


if __name__ == "__main__":
    main()
