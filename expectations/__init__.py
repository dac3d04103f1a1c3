"""What exploration found that a contract cannot say: one suite for each relation, with severity and why."""
