"""Who may call the service, from where and how often, and what it tells browsers about its responses."""
