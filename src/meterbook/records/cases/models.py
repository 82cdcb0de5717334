"""What the cases area keeps."""
