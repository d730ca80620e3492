package giliran.bench;

import giliran.subject.RehearsalException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Debian's nginx, serving files as well as it can: nothing to decide, nothing to compress. */
final class Nginx implements AutoCloseable {
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(20);

    private final Process process;
    private final int port;

    private Nginx(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Starts it.
     *
     * @param program where it is
     * @param folder is made; for its files
     * @param path of the one file that it serves
     * @param plain the file, and {@code gzip} the same compressed
     */
    static Nginx start(
            Path program, Path folder, int port, String path, byte[] plain, byte[] gzip) {
        try {
            Path root = folder.resolve("root");
            Path file = root.resolve(path.substring(1));
            Files.createDirectories(file.getParent());
            Files.write(file, plain);
            Files.write(Path.of(file + ".gz"), gzip);
            Path configuration = folder.resolve("nginx.conf");
            Files.writeString(configuration, configuration(root, port));
            Process process =
                    new ProcessBuilder(
                                    program.toString(),
                                    "-p",
                                    folder.toString(),
                                    "-e",
                                    folder.resolve("error.log").toString(),
                                    "-c",
                                    configuration.toString())
                            .redirectErrorStream(true)
                            .redirectOutput(folder.resolve("nginx.log").toFile())
                            .start();
            return new Nginx(process, port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String configuration(Path root, int port) {
        boolean isRoot = System.getProperty("user.name").equals("root");
        return """
            %4$s
            daemon off;
            worker_processes %1$d;
            worker_rlimit_nofile 65536;
            pid nginx.pid;
            error_log error.log;
            events {
                worker_connections 8192;
                multi_accept on;
            }
            http {
                access_log off;
                server_tokens off;
                sendfile on;
                tcp_nopush on;
                tcp_nodelay on;
                keepalive_timeout 60s;
                keepalive_requests 1000000000;
                open_file_cache max=1000 inactive=10m;
                open_file_cache_valid 10m;
                default_type application/json;
                gzip_static on;
                gzip_vary on;
                client_body_temp_path temp;
                proxy_temp_path temp;
                fastcgi_temp_path temp;
                uwsgi_temp_path temp;
                scgi_temp_path temp;
                add_header Cache-Control "public, max-age=1";
                server {
                    listen 127.0.0.1:%2$d backlog=4096;
                    root %3$s;
                }
            }
            """
                .formatted(
                        Runtime.getRuntime().availableProcessors(),
                        port,
                        root,
                        isRoot ? "user root;" : "");
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + port);
    }

    ProcessHandle process() {
        return process.toHandle();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOPS_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RehearsalException("interrupted", e);
        }
    }
}
