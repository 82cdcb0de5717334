"""What the service orders area keeps."""
