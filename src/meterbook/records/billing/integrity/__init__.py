"""The standing audit of meter accounts: parcel × connection × service point × meter × account × schedule × bill."""
