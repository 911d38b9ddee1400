# A small image with the server and nothing to build it with:
#     docker build -t culvert .
#     docker run --network=host -v ./turnserver.conf:/etc/culvert/turnserver.conf:ro culvert
FROM swift:6.3-bookworm AS build
RUN apt-get update \
    && apt-get install --yes --no-install-recommends debhelper libsqlite3-dev libssl-dev pkg-config \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /culvert
COPY . .
RUN make deb

# The package says itself which libraries it needs.
FROM debian:bookworm-slim
RUN --mount=type=bind,from=build,source=/culvert/.build/deb,target=/packages \
    groupadd --system --gid 3478 culvert \
    && useradd --system --uid 3478 --gid culvert --home-dir / --shell /usr/sbin/nologin culvert \
    && apt-get update \
    && apt-get install --yes --no-install-recommends systemd-standalone-sysusers /packages/culvert_*.deb \
    && rm -rf /var/lib/apt/lists/*
# A number: Kubernetes takes no name for a user that is not root.
USER 3478
EXPOSE 3478/tcp 3478/udp 5349/tcp 5349/udp 49152-65535/udp
STOPSIGNAL SIGTERM
ENTRYPOINT ["turnserver"]
CMD ["-c", "/etc/culvert/turnserver.conf", "--log-file=stdout", "--admin-socket=none"]
