"""Where Meterbook is put together: settings, URLs, the command line's entrance."""
