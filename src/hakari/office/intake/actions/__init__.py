"""Every write of this room: notifying, asking somebody outside, settling in a lane, and the second look."""
