"""What the office writes itself: drafts of documents, and the register of the numbers they go out under."""
