"""`python -m doctor` is the command `envdoctor`."""

from doctor.cli import entry

if __name__ == "__main__":
    entry()
