package giliran.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The folder that holds everything of one Giliran, and the lock by which it is the only one in it.
 *
 * <p>The operating system ends the lock with the process, however that ends. The file {@code lock}
 * says who holds it; the file {@code connection} lets other commands join the holder's database.
 */
public final class DataFolder implements AutoCloseable {

    /** How to reach a database. Its text never shows the password. */
    public record Connection(String jdbcUrl, String user, String password) {
        public Connection {
            if ((jdbcUrl + user + password).chars().anyMatch(c -> c == '\n' || c == '\r')) {
                throw new IllegalArgumentException("a connection's parts are single lines");
            }
        }

        @Override
        public String toString() {
            // The part after the question mark may hold a password too.
            return "Connection[" + user + " at " + jdbcUrl.replaceFirst("\\?.*", "") + "]";
        }
    }

    /**
     * The folders that this process holds. On POSIX, closing any channel of the lock's file ends
     * the process's lock on it, so within the process that file must not even be opened again.
     */
    private static final Map<Path, DataFolder> HELD = new HashMap<>();

    private final Path folder;
    private final FileChannel channel;
    private String holder;

    private DataFolder(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
        this.holder = "process " + ProcessHandle.current().pid();
    }

    /**
     * Takes a folder for this process until {@link #close}; creates it with mode 0700 when missing.
     *
     * @throws StoreException if it cannot be written to, or naming its holder if another holds it
     */
    public static DataFolder open(Path path) {
        return tryOpen(path)
                .orElseThrow(
                        () ->
                                new StoreException(
                                        "The data folder "
                                                + path
                                                + " is in use by "
                                                + holderOf(path)
                                                + ": stop that one, or choose another folder with"
                                                + " --data."));
    }

    /**
     * Takes a folder as {@link #open} does, or returns empty if another holds it.
     *
     * @throws StoreException if it cannot be written to
     */
    public static Optional<DataFolder> tryOpen(Path path) {
        try {
            Path folder = PrivateFiles.createFolder(path).toRealPath();
            synchronized (HELD) {
                if (HELD.containsKey(folder)) {
                    return Optional.empty();
                }
                FileChannel channel = lock(folder.resolve("lock"));
                if (channel == null) {
                    return Optional.empty();
                }
                var opened = new DataFolder(folder, channel);
                HELD.put(folder, opened);
                try {
                    // A holder that was killed could not remove it.
                    Files.deleteIfExists(connectionFile(folder));
                    opened.writeHolder();
                } catch (IOException e) {
                    opened.close();
                    throw e;
                }
                return Optional.of(opened);
            }
        } catch (IOException e) {
            throw PrivateFiles.unusable(path, e);
        }
    }

    /** The connection of the Giliran that holds a folder, if it has one. */
    public static Optional<Connection> readConnection(Path path) {
        try {
            List<String> lines = Files.readAllLines(connectionFile(path));
            return Optional.of(new Connection(lines.get(0), lines.get(1), lines.get(2)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw PrivateFiles.unusable(path, e);
        }
    }

    /** Lets other commands of the same user join this one's database, until {@link #close}. */
    public void writeConnection(Connection connection) {
        try {
            PrivateFiles.write(
                    connectionFile(folder),
                    String.join(
                            "\n",
                            connection.jdbcUrl(),
                            connection.user(),
                            connection.password(),
                            ""));
        } catch (IOException e) {
            throw PrivateFiles.unusable(folder, e);
        }
    }

    /** Tells those who find the folder in use at which address its holder answers. */
    public void announce(String address) {
        synchronized (HELD) {
            holder = "process " + ProcessHandle.current().pid() + " at " + address;
            try {
                writeHolder();
            } catch (IOException e) {
                throw PrivateFiles.unusable(folder, e);
            }
        }
    }

    public Path path() {
        return folder;
    }

    /** Where the keys are that seal personal data. */
    public Path keys() {
        return keysIn(folder);
    }

    /** Where the keys are of the Giliran in a folder, whoever holds it. */
    public static Path keysIn(Path folder) {
        return folder.resolve("keys");
    }

    /** Where {@link LocalPostgres} keeps its files. */
    public Path postgres() {
        return folder.resolve("postgres");
    }

    public Path log() {
        return folder.resolve("log");
    }

    /** Removes the connection and gives the folder up; a second call does nothing. */
    @Override
    public void close() {
        synchronized (HELD) {
            if (!HELD.remove(folder, this)) {
                return;
            }
            try (channel) {
                Files.deleteIfExists(connectionFile(folder));
                // The file itself stays: one who waits at a deleted file would lock nothing.
                channel.truncate(0);
            } catch (IOException e) {
                throw PrivateFiles.unusable(folder, e);
            }
        }
    }

    private static @Nullable FileChannel lock(Path file) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        file,
                        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                        PrivateFiles.FILE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // This process holds it under another name, and a close here would end that lock.
            return null;
        }
        channel.close();
        return null;
    }

    private void writeHolder() throws IOException {
        channel.truncate(0);
        channel.position(0);
        PrivateFiles.writeFully(channel, holder + "\n");
    }

    private static String holderOf(Path path) {
        try {
            synchronized (HELD) {
                DataFolder held = HELD.get(path.toRealPath());
                String text = held == null ? Files.readString(path.resolve("lock")) : held.holder;
                return text.isBlank() ? "another process" : text.strip();
            }
        } catch (IOException e) {
            return "another process";
        }
    }

    private static Path connectionFile(Path folder) {
        return folder.resolve("connection");
    }
}
