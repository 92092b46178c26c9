"""What is told: bulletins to those they concern, dialogue with people outside, promises made to outside initiatives."""
