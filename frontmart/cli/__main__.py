"""The command line. Every import that takes time stands in the command that needs it: `--help` answers at once."""

from frontmart.cli import snapshots as publishing  # noqa: F401  (each adds its commands)
from frontmart.cli.app import app


def main() -> None:
    """Run the command line; an error is one message on standard error, and its class the exit code."""
    app()


if __name__ == "__main__":
    main()
