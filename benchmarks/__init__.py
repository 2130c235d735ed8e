"""Speed, measured side by side with what readers would use instead."""
