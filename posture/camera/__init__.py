"""Where frames come from: a webcam or a video file, one protocol. OpenCV is imported only when a source is opened."""

from posture.camera.frame import Frame, FrameSource

__all__ = ["Frame", "FrameSource"]
