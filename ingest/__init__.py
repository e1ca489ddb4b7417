"""Bytes -> Document, projects (事業), figures and indicators, each with the lines it came from."""
