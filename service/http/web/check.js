// Check a draft.
