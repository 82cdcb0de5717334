"""Cases on screen: complaints, disputes, questions to departments, revenue protection."""
