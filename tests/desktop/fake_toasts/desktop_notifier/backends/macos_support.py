"""As desktop-notifier's: whether this process is that of an app."""

import os


def is_bundle():
    return os.environ["FAKE_MAC"] != "no app"
