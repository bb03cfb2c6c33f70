"""What one look is judged by: the gate, the user among others, the viewpoint, the measures."""
