"""A hub for tests, and the tests that run the real client against it."""
