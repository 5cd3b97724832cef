"""``python -m service`` is ``pullquote``."""

from service.commands.app import main

main()
