# Millrace: one broker of its cluster, and the millrace command. compose.yaml starts three.
FROM node:24-slim AS build
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build

FROM node:24-slim
COPY --from=build /src/package.json /src/LICENSE /opt/millrace/
COPY --from=build /src/dist /opt/millrace/dist
COPY --from=build /src/examples /opt/millrace/examples
RUN mkdir -p /var/lib/millrace && chown node:node /var/lib/millrace && ln -s /opt/millrace/dist/engine/cli.js /usr/local/bin/millrace
USER node
ENV MILLRACE_HOME=/var/lib/millrace
ENV KAFKA_LOG_DIRS=/var/lib/millrace/data
VOLUME /var/lib/millrace
EXPOSE 9092
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s CMD node -e "fetch('http://127.0.0.1:' + (process.env.HEALTH_PORT || 9092) + '/readyz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"
ENTRYPOINT ["millrace"]
CMD ["broker", "start"]
