"""The terminal app: rooms that show model objects and send intents."""
