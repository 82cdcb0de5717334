"""What the registers area keeps."""
