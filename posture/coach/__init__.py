"""What to say and when: reminders as a pure policy over the timeline."""
