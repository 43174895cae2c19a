# A runner for the contract: docker build -t contract . && docker run --rm -e CONTRACT_TARGET=... -v "$PWD/reports:/reports" contract
# What follows the image's name are options of pytest: --depth nightly, --clause ERR-004. The secrets are variables (-e).
FROM python:3.13-slim

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    CONTRACT_REPORTS=/reports

WORKDIR /contract

COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock

# Reports and the memory of nights are the only places that are written to.
RUN useradd --uid 10001 --create-home contract \
    && install -d -o contract -g contract /reports /contract/.hypothesis

COPY pytest.ini schemathesis.toml ./
COPY openapi/ openapi/
COPY contract/ contract/

USER contract
VOLUME ["/reports"]

ENTRYPOINT ["pytest", "contract"]
