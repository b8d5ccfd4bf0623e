"""A template per language, and the interface that they read."""
