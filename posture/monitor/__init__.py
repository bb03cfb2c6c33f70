"""The loop: when to look, what a look leads to; live, replayed and measured."""
