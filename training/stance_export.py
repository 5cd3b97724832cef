"""Make the trained stance tagger small: ``python -m training.stance_export --run FOLDER --out models/stance``."""

import argparse
from pathlib import Path

from index.stance.decoding import SCORES, Margins
from training.token_model_export import export

NAME = "pullquote-stance-3"


def main() -> None:
    """Export."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True, help="the folder that training.stance wrote")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    settings = {"name": NAME, "margins": Margins()._asdict()}
    export(options.run, options.out, scores=SCORES, settings_file="stance.json", settings=settings)


if __name__ == "__main__":
    main()
