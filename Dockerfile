# syntax=docker/dockerfile:1
# The image holds what answers, and reindexes: no PyTorch, which only compiles the embedding model.

FROM python:3.11-slim AS build
RUN apt-get update && apt-get install --yes --no-install-recommends make && rm -rf /var/lib/apt/lists/*
WORKDIR /app
# The packages first: they change less often than the program, and take minutes.
COPY pyproject.toml constraints.txt Makefile README.md LICENSE ./
COPY bot/__init__.py bot/__init__.py
COPY index/__init__.py index/__init__.py
COPY playground/__init__.py playground/__init__.py
RUN make setup
COPY bot bot
COPY index index
COPY playground playground
COPY knowledge knowledge
# Compiles the model and builds the index with it. The model stays out of the volumes below: a new
# image brings its own.
RUN ENCODER_DIR=/app/encoder make index
COPY deploy deploy
RUN sh deploy/slim.sh .venv

FROM python:3.11-slim
RUN useradd --create-home --uid 10001 pmrole
COPY --from=build --chown=pmrole:pmrole /app /app
WORKDIR /app
USER pmrole
ENV PATH="/app/.venv/bin:$PATH" PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HF_HUB_OFFLINE=1 \
    ENCODER_DIR=/app/encoder PORT=8080
# No VOLUME: one that nobody named would keep an older image's articles. Name /app/var (the index and
# the state database) and /app/knowledge where they are to last.
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
# Arguments go to `pmrole serve`: with --http it answers over HTTP.
ENTRYPOINT ["sh", "deploy/start.sh"]
