"""The ``ledby`` command, and what it prints."""
