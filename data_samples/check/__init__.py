"""Holds a made force against the published figures."""
