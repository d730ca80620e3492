package giliran.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Files and folders that only their owner can read, and that appear whole or not at all. */
public final class PrivateFiles {
    /** The mode of a file that only its owner can read, 0600. */
    public static final FileAttribute<Set<PosixFilePermission>> FILE = permissions("rw-------");

    private static final FileAttribute<Set<PosixFilePermission>> FOLDER = permissions("rwx------");
    static final String DISK_FULL = "No space left on device";

    private PrivateFiles() {}

    /** Creates a folder, and its parents, with mode 0700; one that exists is left as it is. */
    public static Path createFolder(Path folder) throws IOException {
        return Files.createDirectories(folder, FOLDER);
    }

    /**
     * Writes a file with mode 0600, which it has from its first byte on. After a crash or a power
     * cut the file holds the old text or the new one; on return the new one is on the disk.
     */
    public static void write(Path file, String text) throws IOException {
        moveIntoPlace(writeDraft(file, text), file);
    }

    /**
     * Writes what is to become a file beside it, with mode 0600, and returns when it is on the
     * disk: several files appear as nearly at once as can be when each is drafted first.
     *
     * @return the draft, for {@link #moveIntoPlace}
     */
    public static Path writeDraft(Path file, String text) throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + ".tmp");
        Files.deleteIfExists(draft);
        try (FileChannel channel =
                FileChannel.open(
                        draft,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        FILE)) {
            writeFully(channel, text);
            channel.force(true);
        }
        return draft;
    }

    /** Writes all of the text at the channel's position. */
    static void writeFully(FileChannel channel, String text) throws IOException {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Renames a finished draft to its name, durably. */
    public static void moveIntoPlace(Path draft, Path target) throws IOException {
        Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
        // A rename is on the disk only when the folder that lists it is.
        force(target.resolveSibling("."));
    }

    /** Returns when a file or a folder's list of names is on the disk. */
    public static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Deletes a file or a folder with all that is in it; links are deleted, not followed. */
    static void deleteTree(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(
                path,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path folder, @Nullable IOException failure) throws IOException {
                        if (failure != null) {
                            throw failure;
                        }
                        Files.delete(folder);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    /** Says in one sentence why a folder cannot be used and what to do. */
    static StoreException unusable(Path folder, IOException failure) {
        String why =
                switch (failure) {
                    case AccessDeniedException e -> "permission denied";
                    case FileAlreadyExistsException e -> "it is not a folder";
                    case NotDirectoryException e -> "it is not a folder";
                    case NoSuchFileException e -> "cannot create " + e.getFile();
                    case FileSystemException e when e.getReason() != null -> e.getReason();
                    default -> String.valueOf(failure.getMessage());
                };
        if (why.contains(DISK_FULL)) {
            return diskFull(folder);
        }
        return new StoreException(
                "Giliran cannot use the folder "
                        + folder
                        + " ("
                        + why
                        + "): let it write there, or choose another with --data.",
                failure);
    }

    static StoreException diskFull(Path folder) {
        return new StoreException(
                "The disk that holds " + folder + " is full: free some space, then start again.");
    }

    private static FileAttribute<Set<PosixFilePermission>> permissions(String mode) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode));
    }
}
