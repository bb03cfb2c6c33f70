"""The long-running process: joins the watch, the desktop and the control channel."""
