"""What the correspondence area keeps."""
