"""Files that browsers, crawlers and word processors save: pages with all they need, and packed documents."""
