"""Speed, memory and size, each beside the floor it could not go under."""
