"""What Ledby costs: time, memory and disk at sizes up to a million passages, beside stock llama-index."""
