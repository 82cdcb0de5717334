"""What the new service area keeps."""
