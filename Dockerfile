# gisa in a container: docs/operations.md, Deployment. Nothing is compiled: all wheels are ready-made.
FROM python:3.11-slim-bookworm AS libraries
COPY requirements/runtime.txt /requirements.txt
RUN python -m venv /opt/gisa \
    && /opt/gisa/bin/pip install --no-cache-dir --only-binary=:all: --require-hashes -r /requirements.txt \
    && /opt/gisa/bin/pip uninstall --yes pip setuptools
COPY pipeline /opt/gisa/app/pipeline
COPY jobs /opt/gisa/app/jobs
# the container's file system may be read-only: byte code is made here
RUN /opt/gisa/bin/python -m compileall -q /opt/gisa/app

FROM python:3.11-slim-bookworm
COPY --from=libraries /opt/gisa /opt/gisa
RUN printf '#!/bin/sh\nexec python -m jobs "$@"\n' >/usr/local/bin/gisa \
    && chmod 755 /usr/local/bin/gisa \
    && groupadd --gid 10001 gisa \
    && useradd --uid 10001 --gid gisa --no-create-home --home-dir /data --shell /usr/sbin/nologin gisa \
    && install -d -o gisa -g gisa -m 750 /data
ENV PATH=/opt/gisa/bin:$PATH \
    PYTHONPATH=/opt/gisa/app \
    PYTHONUNBUFFERED=1 \
    GISA_CONFIG=/etc/gisa/config.toml \
    GISA_DATABASE=/data/gisa.db
USER 10001:10001
WORKDIR /data
VOLUME /data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=60s --timeout=10s --start-period=5m --retries=3 CMD ["gisa", "health", "--daemon"]
ENTRYPOINT ["gisa"]
CMD ["daemon"]
