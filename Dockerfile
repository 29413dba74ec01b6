# The image of one service: docker build --build-arg APP=flagd --tag burgee/flagd .
# The load tester runs commands, so its image has a shell and curl: docker build --build-arg APP=loadtester --target with-shell .
# The controller has a larger heap: docker build --build-arg APP=canary-controller --target canary-controller .

FROM node:24-bookworm-slim AS build
ARG APP
WORKDIR /source
RUN corepack enable
COPY . .
RUN pnpm install --frozen-lockfile --filter burgee --filter "@burgee/${APP}..."
RUN pnpm --filter "@burgee/${APP}" run build
RUN node deploy/image/collect.mjs "${APP}" /image

FROM node:24-bookworm-slim AS with-shell
RUN apt-get update && apt-get install --yes --no-install-recommends bash curl ca-certificates && rm -rf /var/lib/apt/lists/*
COPY --from=build /image /app
# glibc: one arena for all helper threads, and memory goes back. See docs/adr/0007-footprint.md.
ENV MALLOC_ARENA_MAX=2 MALLOC_TRIM_THRESHOLD_=131072 MALLOC_MMAP_THRESHOLD_=131072
USER 65532:65532
WORKDIR /app
ENTRYPOINT ["node", "--optimize-for-size", "--no-maglev", "/app/dist/main.mjs"]

FROM gcr.io/distroless/nodejs24-debian12:nonroot AS canary-controller
COPY --from=build /image /app
ENV MALLOC_ARENA_MAX=2 MALLOC_TRIM_THRESHOLD_=131072 MALLOC_MMAP_THRESHOLD_=131072
USER 65532:65532
WORKDIR /app
ENTRYPOINT ["/nodejs/bin/node", "--max-semi-space-size=8", "--heap-growing-percent=20", "--no-maglev", "/app/dist/main.mjs"]

FROM gcr.io/distroless/nodejs24-debian12:nonroot
COPY --from=build /image /app
ENV MALLOC_ARENA_MAX=2 MALLOC_TRIM_THRESHOLD_=131072 MALLOC_MMAP_THRESHOLD_=131072
USER 65532:65532
WORKDIR /app
ENTRYPOINT ["/nodejs/bin/node", "--optimize-for-size", "--no-maglev", "/app/dist/main.mjs"]
