# Naru in one image: code, shipped library and the embedding model; nothing is fetched at run time.
# By tag; `--build-arg PYTHON_IMAGE=python@sha256:…` builds on the very same bytes each time.
ARG PYTHON_IMAGE=python:3.11-slim
FROM ${PYTHON_IMAGE}

ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 NARU_DATA=/data NARU_HTTP_HOST=0.0.0.0
WORKDIR /naru

# Scanned pages are read by tesseract; pdfium needs a Korean font for letters that a PDF lacks. Agendas and
# digests are printed by WeasyPrint, which needs Pango, in Noto's letters (fonts-noto-core: Vietnamese).
RUN apt-get update \
 && apt-get install --yes --no-install-recommends fonts-nanum tesseract-ocr tesseract-ocr-kor \
      libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-core fonts-noto-cjk \
 && rm -rf /var/lib/apt/lists/*

COPY requirements requirements
# By version and hash. `--build-arg ENCODERS=encoders` adds sentence-transformers, for another encoder in
# NARU_EMBEDDER; TORCH_INDEX names an index of torch's CPU builds, which spares gigabytes of CUDA.
ARG ENCODERS=""
ARG TORCH_INDEX=""
RUN python requirements/install.py runtime ${ENCODERS} ${TORCH_INDEX:+--torch-index "$TORCH_INDEX"}

COPY pyproject.toml README.md LICENSE ./
COPY adapters adapters
COPY bot bot
COPY ingest ingest
COPY knowledge knowledge
RUN python requirements/install.py naru && python -m compileall -q adapters bot ingest knowledge \
 && useradd --create-home naru \
 && mkdir /data && chown naru /data

USER naru
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=90s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
ENTRYPOINT ["naru"]
CMD ["serve"]
