"""Where frames come from: a webcam, a video file or a stream, one protocol. OpenCV is imported only to open one."""
