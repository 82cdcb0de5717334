"""The counter's arithmetic: amounts as they are keyed, tenders laid on lines, change, cash counted by denomination."""
