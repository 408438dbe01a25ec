# MoMo's silo. It needs a PostgreSQL (15 or newer) elsewhere: see docker-compose.yml.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
# What says which packages are needed, first: packages are fetched again only when this changes.
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt .editorconfig ./
COPY src/MoMo.Engine/*.csproj src/MoMo.Engine/packages.lock.json src/MoMo.Engine/
COPY src/MoMo.Domain/*.csproj src/MoMo.Domain/packages.lock.json src/MoMo.Domain/
COPY src/MoMo.Storage/*.csproj src/MoMo.Storage/packages.lock.json src/MoMo.Storage/
COPY src/MoMo.Edge/*.csproj src/MoMo.Edge/packages.lock.json src/MoMo.Edge/
COPY client/MoMo.Client/*.csproj client/MoMo.Client/packages.lock.json client/MoMo.Client/
COPY client/MoMo.Cli/*.csproj client/MoMo.Cli/packages.lock.json client/MoMo.Cli/
COPY silo/MoMo.Silo/*.csproj silo/MoMo.Silo/packages.lock.json silo/MoMo.Silo/
RUN dotnet restore silo/MoMo.Silo --locked-mode && dotnet restore client/MoMo.Cli --locked-mode
COPY src src
COPY client client
COPY silo silo
RUN dotnet publish silo/MoMo.Silo -c Release --no-restore -o /app/silo -p:UseAppHost=false \
    && dotnet publish client/MoMo.Cli -c Release --no-restore -o /app/cli -p:UseAppHost=false

FROM mcr.microsoft.com/dotnet/aspnet:10.0
LABEL org.opencontainers.image.title="MoMo" org.opencontainers.image.description="A payment routing hub"
# Channels of kind sftp go through OpenSSH's program.
RUN apt-get update && apt-get install -y --no-install-recommends openssh-client && rm -rf /var/lib/apt/lists/*
# Keys live here; the volume takes its owner from the folder.
RUN mkdir /data && chown "$APP_UID:$APP_UID" /data && chmod 700 /data
COPY --from=build /app /app
WORKDIR /app
USER $APP_UID
ENV urls=http://0.0.0.0:8080 MoMo__Data=/data MoMo__Log=json MOMO_DATA=/data DOTNET_EnableDiagnostics=0
EXPOSE 8080
VOLUME /data
STOPSIGNAL SIGTERM
# The image has neither curl nor wget.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /health/ready HTTP/1.0\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200 '"]
ENTRYPOINT ["dotnet", "/app/silo/MoMo.Silo.dll"]
