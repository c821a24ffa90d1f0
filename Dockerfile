# Ledby and, with another command, the Chroma server of the same release.
#   docker build -t ledby .
# Where a package index with the processor-only build of torch is at hand, name it: the image is then a third of the size.
#   docker build -t ledby --build-arg PIP_ARGS="--extra-index-url ADDRESS" .
FROM python:3.11-slim

ARG PIP_ARGS=""
WORKDIR /opt/ledby
COPY pyproject.toml constraints.txt README.md LICENSE app.py ./
COPY corpus corpus
COPY ingest ingest
COPY index index
COPY assistant assistant
COPY eval eval
RUN pip install --no-cache-dir --constraint constraints.txt ${PIP_ARGS} . \
    && useradd --uid 10001 --create-home ledby \
    && mkdir -p /index /state /documents \
    && chown ledby /index /state

USER ledby
ENV LEDBY_INDEX=/index \
    LEDBY_FEEDBACK=/state/feedback.sqlite \
    HF_HUB_OFFLINE=1 \
    ANONYMIZED_TELEMETRY=False \
    GRADIO_ANALYTICS_ENABLED=False
VOLUME ["/index", "/state"]
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:7860/health', timeout=4)"]
ENTRYPOINT ["ledby"]
CMD ["serve", "--host", "0.0.0.0"]
