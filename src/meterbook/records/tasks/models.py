"""What the tasks area keeps."""
