"""What makes the frozen program an app of macOS: posture.spec gives it to PyInstaller's BUNDLE."""

IDENTIFIER = "io.github.posture.posture"
CAMERA = (
    "Posture looks through the camera at how you sit, on this Mac alone: no picture is kept or sent. "
    "While the green light is on, it looks."
)
"""What macOS shows when it asks whether the camera may be used; without such a text it ends the program."""
INFO_PLIST = {
    "NSCameraUsageDescription": CAMERA,
    # An icon in the menu bar and none in the Dock.
    "LSUIElement": True,
    # PyInstaller sets it for programs of the terminal; with it no window could be shown.
    "LSBackgroundOnly": False,
    "NSHighResolutionCapable": True,
    "NSHumanReadableCopyright": "Apache-2.0",
}
