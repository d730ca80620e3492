package giliran.channels;

import giliran.channels.SmartManifest.Output;
import giliran.channels.SmartManifest.Part;
import giliran.imports.FileProblem;
import giliran.imports.FileProblems;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A SMART Scheduling Links publication whose files lie on this machine, or have been fetched from a
 * server on this machine.
 *
 * <p>Only the loopback address is fetched from: a command that an operator runs with the database's
 * rights must not be led elsewhere by what a file says. The addresses in the manifest of a folder
 * are not fetched at all: the files of that name in the folder are read.
 */
public final class SmartPublication implements AutoCloseable {
    static final Set<String> TYPES = Set.of("Location", "Schedule", "Slot");

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final int CONNECT_MILLIS = 5_000;
    private static final int STALL_MILLIS = 20_000;
    private static final Duration FETCH_WITHIN = Duration.ofMinutes(10);
    private static final long MOST_BYTES = 500_000_000;

    private final List<Part> parts = new ArrayList<>();
    private final List<String> notices = new ArrayList<>();
    private final FileProblems problems = new FileProblems();
    private final Optional<Path> fetched;

    private SmartPublication(Optional<Path> fetched) {
        this.fetched = fetched;
    }

    /** The manifest of a publication in a folder, if there is one. */
    public static Optional<Path> findManifest(Path folder) {
        return SmartManifest.findIn(folder);
    }

    /** A publication in a folder. */
    public static SmartPublication inFolder(Path manifest) {
        SmartPublication publication = new SmartPublication(Optional.empty());
        String name = String.valueOf(manifest.getFileName());
        for (Output output : SmartManifest.read(manifest, name, publication.problems)) {
            Path file = manifest.resolveSibling(output.name());
            if (Files.exists(file)) {
                publication.parts.add(new Part(output.type(), output.name(), file));
            } else {
                publication.notices.add(
                        output.name()
                                + " is named in "
                                + name
                                + " and not in the folder: left out");
            }
        }
        return publication;
    }

    /**
     * Fetches a publication into a temporary folder, which lasts until this is closed.
     *
     * @param progress is told, in words, how far it is
     */
    public static SmartPublication fetch(URI manifest, Consumer<String> progress) {
        Path folder;
        try {
            folder = Files.createTempDirectory("giliran-import-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        SmartPublication publication = new SmartPublication(Optional.of(folder));
        publication.fetchAll(folder, manifest, progress);
        return publication;
    }

    private void fetchAll(Path folder, URI manifest, Consumer<String> progress) {
        long deadline = System.nanoTime() + FETCH_WITHIN.toNanos();
        Path file = folder.resolve("manifest");
        if (!fetch(manifest, manifest.toString(), file, SmartManifest.MOST_BYTES, deadline)) {
            return;
        }
        String name = new Output("", String.valueOf(manifest.getPath())).name();
        long left = MOST_BYTES;
        for (Output output : SmartManifest.read(file, name, problems)) {
            progress.accept("Fetching " + output.name() + " …");
            Path target = folder.resolve(parts.size() + ".ndjson");
            URI address;
            try {
                address = SmartManifest.address(manifest, output);
            } catch (IllegalArgumentException e) {
                problems.add(name, 0, "the url " + output.url() + " is not an address");
                continue;
            }
            if (!fetch(address, name, target, left, deadline)) {
                return;
            }
            left -= target.toFile().length();
            parts.add(new Part(output.type(), output.name(), target));
        }
    }

    /** Fetches a file; false, with the problem noted, if it cannot be had. */
    private boolean fetch(URI address, String from, Path target, long most, long deadline) {
        if (!isOnThisMachine(address)) {
            problems.add(
                    from,
                    0,
                    address + " is not on this machine; only http://localhost is fetched from");
            return false;
        }
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) address.toURL().openConnection(Proxy.NO_PROXY);
            connection.setConnectTimeout(CONNECT_MILLIS);
            connection.setReadTimeout(STALL_MILLIS);
            connection.setInstanceFollowRedirects(false);
            connection.setRequestProperty("Accept", "application/fhir+ndjson, application/json");
            int status = connection.getResponseCode();
            if (status != HttpURLConnection.HTTP_OK) {
                problems.add(from, 0, address + " answered " + status);
                return false;
            }
            try (InputStream in = connection.getInputStream();
                    OutputStream out = Files.newOutputStream(target)) {
                return copy(in, out, address, most, deadline);
            }
        } catch (IOException | IllegalArgumentException e) {
            problems.add(from, 0, address + " cannot be fetched: " + e.getMessage());
            return false;
        }
    }

    private boolean copy(InputStream in, OutputStream out, URI address, long most, long deadline)
            throws IOException {
        byte[] buffer = new byte[65_536];
        long copied = 0;
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            copied += n;
            if (copied > most) {
                problems.add(address.toString(), 0, "it is longer than " + most + " bytes");
                return false;
            }
            if (System.nanoTime() - deadline > 0) {
                problems.add(address.toString(), 0, "it did not come in time");
                return false;
            }
            out.write(buffer, 0, n);
        }
        return true;
    }

    private static boolean isOnThisMachine(URI address) {
        String host = address.getHost();
        return "http".equals(address.getScheme())
                && address.getUserInfo() == null
                && host != null
                && LOOPBACK.contains(host.toLowerCase(Locale.ROOT));
    }

    /** The files of one kind, in the manifest's order. */
    List<Part> parts(String type) {
        return parts.stream().filter(part -> part.type().equals(type)).toList();
    }

    /** What was left out and why. */
    List<String> notices() {
        return notices;
    }

    /** What was wrong with the manifest, or with fetching. */
    List<FileProblem> problems() {
        return problems.kept();
    }

    /** Removes what was fetched. */
    @Override
    public void close() {
        fetched.ifPresent(
                folder -> {
                    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
                        for (Path file : files) {
                            Files.delete(file);
                        }
                        Files.delete(folder);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
    }
}
