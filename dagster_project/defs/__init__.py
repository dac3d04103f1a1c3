"""Assets, checks, schedules and resources, one file for each part of the line."""
