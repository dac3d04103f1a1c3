"""Dyads written by hand: small extracts, and the timeline that has to come of them."""
