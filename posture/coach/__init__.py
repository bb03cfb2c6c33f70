"""Decides on reminders from the timeline, and knows exercises, their checks, and the words for all of it. Pure."""
