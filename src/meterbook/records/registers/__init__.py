"""Registers: lists the office keeps, knowledge with its dates, documents with their retention."""
