"""What a user types. Imports all rooms, imported by none."""
