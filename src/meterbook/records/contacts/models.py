"""What the contacts area keeps."""
