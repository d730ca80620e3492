package giliran.people;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.Parameters;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.google.crypto.tink.mac.MacConfig;
import com.google.crypto.tink.mac.PredefinedMacParameters;
import com.google.crypto.tink.prf.PredefinedPrfParameters;
import com.google.crypto.tink.prf.PrfConfig;
import giliran.store.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The folder with the three keyset files, in Tink's JSON form, unencrypted: who can read it can
 * read every person's details, so it is for its owner only and belongs on no database's disk.
 */
final class KeyFolder {
    /**
     * A keyset and its file.
     *
     * @param keysAtMost how many keys it may hold
     */
    record Keyset(String name, Parameters parameters, int keysAtMost) {
        String fileName() {
            return name + ".keyset";
        }
    }

    private static final int ROTATED_KEYS_AT_MOST = 100;

    static final Keyset PERSON = new Keyset("person", PredefinedPrfParameters.HMAC_SHA256_PRF, 1);

    static final Keyset SEAL =
            new Keyset("seal", PredefinedAeadParameters.AES256_GCM, ROTATED_KEYS_AT_MOST);

    static final Keyset LINK =
            new Keyset("link", PredefinedMacParameters.HMAC_SHA256_128BITTAG, ROTATED_KEYS_AT_MOST);

    private static final List<Keyset> ALL = List.of(PERSON, SEAL, LINK);

    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path folder;

    private KeyFolder(Path folder) {
        this.folder = folder;
    }

    /** The folder with all three files in it, as {@link Keys#openOrCreate} promises. */
    static KeyFolder openOrCreate(Path path) {
        var folder = new KeyFolder(path.toAbsolutePath().normalize());
        try {
            AeadConfig.register();
            MacConfig.register();
            PrfConfig.register();
            // A complete folder is only read, so it may be mounted read-only.
            if (folder.missing().isEmpty()) {
                return folder;
            }
            folder.createUnlessThere();
        } catch (IOException | GeneralSecurityException failure) {
            throw new StoreException(
                    "The keys folder %s could not be opened or made.".formatted(folder.folder),
                    failure);
        }
        List<Keyset> missing = folder.missing();
        if (!missing.isEmpty()) {
            throw new StoreException(
                    ("The keys folder %s lacks %s: put it back from a backup, or empty the"
                                    + " folder if no person's data was ever sealed with it.")
                            .formatted(
                                    folder.folder,
                                    missing.stream()
                                            .map(Keyset::fileName)
                                            .collect(Collectors.joining(" and "))));
        }
        return folder;
    }

    /**
     * The keyset in its file.
     *
     * @throws StoreException if the file is not one, holds more keys than it may, or is open to
     *     other users
     */
    KeysetHandle read(Keyset keyset) {
        Path file = folder.resolve(keyset.fileName());
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
            return keys;
        } catch (IOException unreadable) {
            throw new StoreException("The key file %s cannot be read.".formatted(file), unreadable);
        } catch (GeneralSecurityException notAKeyset) {
            throw unusable(keyset);
        }
    }

    /** Has no cause: what a parser says of a key file may quote the key. */
    StoreException unusable(Keyset keyset) {
        return new StoreException(
                "The key file %s is not the keyset that belongs there: put it back from a backup."
                        .formatted(folder.resolve(keyset.fileName())));
    }

    private List<Keyset> missing() {
        return ALL.stream()
                .filter(keyset -> Files.notExists(folder.resolve(keyset.fileName())))
                .toList();
    }

    /**
     * Makes the keys if none is there. One at a time within this process, which is all that a file
     * lock leaves open, and between processes: nobody may overwrite a key that another just read.
     */
    private void createUnlessThere() throws IOException, GeneralSecurityException {
        synchronized (KeyFolder.class) {
            createFolder();
            try (FileChannel channel =
                    FileChannel.open(
                            folder.resolve(".lock"),
                            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                            OWNER_ONLY_FILE)) {
                FileLock lock = channel.lock();
                try {
                    if (missing().size() == ALL.size()) {
                        create();
                    }
                } finally {
                    lock.release();
                }
            }
        }
    }

    private void createFolder() throws IOException {
        Path parent = folder.getParent();
        if (Files.isDirectory(folder) || parent == null) {
            return;
        }
        Files.createDirectories(parent);
        try {
            Files.createDirectory(folder, OWNER_ONLY_FOLDER);
        } catch (FileAlreadyExistsException anotherProcessWasFirst) {
            return;
        }
        sync(parent);
    }

    /** Whole files first, then their names: a crash leaves none, or few that are refused. */
    private void create() throws IOException, GeneralSecurityException {
        Files.setPosixFilePermissions(folder, OWNER_ONLY_FOLDER.value());
        for (Keyset keyset : ALL) {
            Path written = writtenAs(keyset);
            Files.deleteIfExists(written);
            try (FileChannel file =
                    FileChannel.open(
                            written,
                            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                            OWNER_ONLY_FILE)) {
                String json =
                        TinkJsonProtoKeysetFormat.serializeKeyset(
                                KeysetHandle.generateNew(keyset.parameters()),
                                InsecureSecretKeyAccess.get());
                ByteBuffer bytes = StandardCharsets.UTF_8.encode(json);
                while (bytes.hasRemaining()) {
                    file.write(bytes);
                }
                file.force(true);
            }
        }
        for (Keyset keyset : ALL) {
            Files.move(
                    writtenAs(keyset),
                    folder.resolve(keyset.fileName()),
                    StandardCopyOption.ATOMIC_MOVE);
        }
        sync(folder);
    }

    private Path writtenAs(Keyset keyset) {
        return folder.resolve(keyset.fileName() + ".new");
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
