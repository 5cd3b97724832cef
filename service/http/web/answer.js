// An answer that was kept.
