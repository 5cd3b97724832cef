"""Make the trained speaker tagger small: ``python -m training.tagger_export --run FOLDER --out models/tagger``."""

import argparse
from pathlib import Path

from index.attribution.decoding import SCORES, Thresholds
from training.token_model_export import export

NAME = "pullquote-tagger-2"


def main() -> None:
    """Export."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True, help="the folder that training.tagger wrote")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    settings = {"name": NAME, "thresholds": Thresholds()._asdict()}
    export(options.run, options.out, scores=SCORES, settings_file="tagger.json", settings=settings)


if __name__ == "__main__":
    main()
