"""The process that sees pictures, its protocol, and the handle that the other process holds."""
