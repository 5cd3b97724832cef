"""The pages: plain files, with no build step and nothing fetched from elsewhere."""
