"""Finding places by what somebody says of them, spelled right or nearly."""
