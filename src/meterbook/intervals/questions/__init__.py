"""What can be asked of intervals, each set-wise over any number of channels in a fixed amount of memory."""
