# The Partner API as one image: `serve` by default, and every other command of partner-api.
#   docker build -t partner-api .
#   docker run --init -p 127.0.0.1:8000:8000 -v partner-api:/data -e PARTNER_API_SECRET_KEY=… partner-api
# Only /data is written, and only by SQLite and by mails to a folder: elsewhere it runs with --read-only.

FROM python:3.11-slim-trixie AS builder
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /build
COPY requirements.lock ./
RUN python -m venv --without-pip /opt/venv \
    && pip --python /opt/venv/bin/python install --require-hashes --only-binary :all: --no-compile -r requirements.lock
COPY graphql_api /app/graphql_api
# Compiled here, since nobody may write beside the sources later. Unchecked: what is in an image does not change.
RUN python -m compileall -q -j 0 --invalidation-mode unchecked-hash /opt/venv/lib /app

FROM python:3.11-slim-trixie
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Partner API" \
      org.opencontainers.image.description="GraphQL API of the partner programme" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION"
# The working folder can be written, so nothing is imported from it (PYTHONSAFEPATH).
ENV PATH=/opt/venv/bin:$PATH PYTHONPATH=/app PYTHONSAFEPATH=1 PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
RUN groupadd --gid 10001 partner \
    && useradd --uid 10001 --gid partner --no-create-home --home-dir /data --shell /usr/sbin/nologin partner \
    && install --directory --owner partner --group partner /data
COPY --from=builder /opt/venv /opt/venv
COPY --from=builder /app /app
USER 10001:10001
WORKDIR /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
ENTRYPOINT ["python", "-m", "graphql_api"]
CMD ["serve", "--host", "0.0.0.0"]
