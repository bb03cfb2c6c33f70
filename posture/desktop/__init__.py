"""The user's desktop: notifications."""
