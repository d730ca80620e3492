package giliran.main;

import static org.assertj.core.api.Assertions.assertThat;

import giliran.people.Keys;
import giliran.store.DataFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeysCommandTest {
    @TempDir Path folder;

    private Told keys(String... arguments) {
        return Told.by(
                List.of("keys", arguments[0], "--data", folder.toString()).toArray(String[]::new));
    }

    private Told rotate(String keyset) {
        return Told.by("keys", "rotate", "--data", folder.toString(), keyset);
    }

    @Test
    void listsEachKeysetAndItsPrimaryKey() {
        Keys.openOrCreate(DataFolder.keysIn(folder));
        Told told = keys("list");
        assertThat(told.status()).isZero();
        assertThat(told.out().lines().map(line -> line.replaceAll("  +[0-9]+  ", " ")))
                .containsExactly(
                        "person primary ENABLED",
                        "seal primary ENABLED",
                        "link primary ENABLED",
                        "pass primary ENABLED");
    }

    @Test
    void listsNothingThatIsInTheKeys() throws IOException {
        Path keys = DataFolder.keysIn(folder);
        Keys.openOrCreate(keys);
        String text = Files.readString(keys.resolve("seal.keyset"));
        String material = text.replaceAll("(?s).*\"value\": *\"([^\"]+)\".*", "$1");
        assertThat(material).hasSizeGreaterThan(40).hasSizeLessThan(text.length());
        assertThat(keys("list").out()).doesNotContain(material);
    }

    @Test
    void rotatesBesideARunningServer() {
        try (DataFolder running = DataFolder.open(folder)) {
            Keys.openOrCreate(running.keys());
            for (String keyset : List.of("seal", "link", "pass")) {
                Told told = rotate(keyset);
                assertThat(told.err()).isEmpty();
                assertThat(told.status()).isZero();
                assertThat(told.out()).contains(keyset + " has a new primary key");
            }
            assertThat(keys("list").out().lines()).hasSize(7);
        }
    }

    @Test
    void saysWhyThePersonKeyCannotBeRotated() {
        Keys.openOrCreate(DataFolder.keysIn(folder));
        Told told = rotate("person");
        assertThat(told.status()).isEqualTo(1);
        assertThat(told.err()).contains("cannot be rotated").contains("book twice");
        assertThat(keys("list").out().lines()).hasSize(4);
    }

    @Test
    void refusesAKeysetThatItDoesNotKnow() {
        assertThat(rotate("Seal").err()).contains("seal, link or pass");
    }

    @Test
    void refusesAFolderWithoutKeysAndMakesNone() {
        assertThat(rotate("seal").err()).contains("There are no keys");
        assertThat(keys("list").status()).isEqualTo(1);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void saysWhatItCanDoWhenAskedForNothing() {
        Told told = Told.by("keys");
        assertThat(told.status()).isEqualTo(2);
        assertThat(told.err()).contains("list").contains("rotate");
    }
}
