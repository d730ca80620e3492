package giliran.people;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.mac.MacConfig;
import com.google.crypto.tink.prf.PrfConfig;
import giliran.store.PrivateFiles;
import giliran.store.StoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder with the keyset files, in Tink's JSON form, unencrypted: who can read it can read
 * every person's details, so it is for its owner only and belongs on no database's disk.
 */
final class KeyFolder {
    /** By what a replaced file is told from the one before: each is a new file, renamed. */
    private record Version(FileTime modified, @Nullable Object file) {}

    /** What is done while nobody else changes the folder. */
    @FunctionalInterface
    private interface Change {
        void make() throws IOException, GeneralSecurityException;
    }

    private static final Set<PosixFilePermission> OWNER_ONLY =
            PosixFilePermissions.fromString("rwx------");

    private final Path folder;

    private KeyFolder(Path path) {
        folder = path.toAbsolutePath().normalize();
        try {
            AeadConfig.register();
            MacConfig.register();
            PrfConfig.register();
        } catch (GeneralSecurityException failure) {
            throw new StoreException("The library of the keys could not be set up.", failure);
        }
    }

    /** The folder with all files in it, as {@link Keys#openOrCreate} promises. */
    static KeyFolder openOrCreate(Path path) {
        var folder = new KeyFolder(path);
        // A complete folder is only read, so it may be mounted read-only.
        if (!folder.missing().isEmpty()) {
            try {
                Path parent = folder.folder.getParent();
                PrivateFiles.createFolder(folder.folder);
                if (parent != null) {
                    PrivateFiles.force(parent);
                }
                folder.alone(folder::createUnlessThere);
            } catch (IOException | GeneralSecurityException failure) {
                throw new StoreException(
                        "The keys folder %s could not be opened or made.".formatted(folder.folder),
                        failure);
            }
        }
        folder.refuseUnlessComplete();
        return folder;
    }

    /**
     * The folder with all files in it.
     *
     * @throws StoreException if any is missing
     */
    static KeyFolder open(Path path) {
        var folder = new KeyFolder(path);
        folder.refuseUnlessComplete();
        return folder;
    }

    private void refuseUnlessComplete() {
        List<Keyset> missing = missing();
        if (missing.size() == Keyset.values().length) {
            throw new StoreException(
                    "There are no keys in %s: ./giliran run makes them.".formatted(folder));
        }
        if (!missing.isEmpty()) {
            throw new StoreException(
                    ("The keys folder %s lacks %s: put it back from a backup, or empty the"
                                    + " folder if no person's data was ever sealed with it.")
                            .formatted(
                                    folder,
                                    missing.stream()
                                            .map(Keyset::fileName)
                                            .collect(Collectors.joining(" and "))));
        }
    }

    /** What tells whether a file was replaced since: equal as long as none was. */
    Object version() {
        Map<Keyset, Version> versions = new EnumMap<>(Keyset.class);
        for (Keyset keyset : Keyset.values()) {
            Path file = file(keyset);
            try {
                var attributes = Files.readAttributes(file, BasicFileAttributes.class);
                versions.put(
                        keyset, new Version(attributes.lastModifiedTime(), attributes.fileKey()));
            } catch (IOException unreadable) {
                throw unreadable(file, unreadable);
            }
        }
        return versions;
    }

    /**
     * The keyset in its file, which is on the disk for good: what is sealed with it may be kept.
     *
     * @throws StoreException if the file is not one, holds more keys than it may, or is open to
     *     other users
     */
    KeysetHandle read(Keyset keyset) {
        Path file = file(keyset);
        try {
            Set<PosixFilePermission> open = Files.getPosixFilePermissions(file);
            if (open.contains(PosixFilePermission.OTHERS_READ)
                    || open.contains(PosixFilePermission.OTHERS_WRITE)) {
                throw new StoreException(
                        "The key file %s is open to every user of this machine: chmod it to 0600."
                                .formatted(file));
            }
            KeysetHandle keys =
                    TinkJsonProtoKeysetFormat.parseKeyset(
                            Files.readString(file), InsecureSecretKeyAccess.get());
            if (keys.size() > keyset.keysAtMost()) {
                throw unusable(keyset);
            }
            // Who put it there may have died before the new name was on the disk.
            PrivateFiles.force(folder);
            return keys;
        } catch (IOException unreadable) {
            throw unreadable(file, unreadable);
        } catch (GeneralSecurityException notAKeyset) {
            throw unusable(keyset);
        }
    }

    /** Adds a new key to a keyset and makes it the primary one, all on the disk on return. */
    void rotate(Keyset keyset) {
        try {
            alone(
                    () -> {
                        KeysetHandle old = read(keyset);
                        if (old.size() == keyset.keysAtMost()) {
                            throw new StoreException(
                                    "The keyset %s holds %d keys already, and may hold no more."
                                            .formatted(keyset, old.size()));
                        }
                        KeysetHandle rotated =
                                KeysetHandle.newBuilder(old)
                                        .addEntry(
                                                KeysetHandle.generateEntryFromParameters(
                                                                keyset.parameters())
                                                        .withRandomId()
                                                        .makePrimary())
                                        .build();
                        PrivateFiles.write(file(keyset), json(rotated));
                    });
        } catch (IOException | GeneralSecurityException failure) {
            throw new StoreException(
                    "The key file %s could not be written; its keys are as they were."
                            .formatted(file(keyset)),
                    failure);
        }
    }

    /** Has no cause: what a parser says of a key file may quote the key. */
    StoreException unusable(Keyset keyset) {
        return new StoreException(
                "The key file %s is not the keyset that belongs there: put it back from a backup."
                        .formatted(file(keyset)));
    }

    private static StoreException unreadable(Path file, IOException why) {
        return new StoreException("The key file %s cannot be read.".formatted(file), why);
    }

    private List<Keyset> missing() {
        return Stream.of(Keyset.values()).filter(keyset -> Files.notExists(file(keyset))).toList();
    }

    /**
     * Makes a change. One at a time within this process, which is all that a file lock leaves open,
     * and between processes: nobody may overwrite a key that another just read.
     */
    private void alone(Change change) throws IOException, GeneralSecurityException {
        synchronized (KeyFolder.class) {
            try (FileChannel channel =
                    FileChannel.open(
                            folder.resolve(".lock"),
                            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                            PrivateFiles.FILE)) {
                FileLock lock = channel.lock();
                try {
                    change.make();
                } finally {
                    lock.release();
                }
            }
        }
    }

    /** Whole files first, then their names: a crash leaves none, or few that are refused. */
    private void createUnlessThere() throws IOException, GeneralSecurityException {
        if (missing().size() < Keyset.values().length) {
            return;
        }
        Files.setPosixFilePermissions(folder, OWNER_ONLY);
        Map<Keyset, Path> drafts = new EnumMap<>(Keyset.class);
        for (Keyset keyset : Keyset.values()) {
            KeysetHandle keys = KeysetHandle.generateNew(keyset.parameters());
            drafts.put(keyset, PrivateFiles.writeDraft(file(keyset), json(keys)));
        }
        for (Map.Entry<Keyset, Path> draft : drafts.entrySet()) {
            PrivateFiles.moveIntoPlace(draft.getValue(), file(draft.getKey()));
        }
    }

    private static String json(KeysetHandle keys) throws GeneralSecurityException {
        return TinkJsonProtoKeysetFormat.serializeKeyset(keys, InsecureSecretKeyAccess.get());
    }

    private Path file(Keyset keyset) {
        return folder.resolve(keyset.fileName());
    }
}
