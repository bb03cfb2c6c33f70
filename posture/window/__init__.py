"""The window: what the program has to show and to ask, without a terminal. Qt, in a process of its own."""
