"""``python -m service`` is ``pullquote``."""

from service.cli import main

main()
