"""The screen: parts, pages, the worker process."""
