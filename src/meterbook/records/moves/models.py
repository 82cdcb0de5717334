"""What the moves area keeps."""
