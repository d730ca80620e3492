package giliran.bench;

import static org.assertj.core.api.Assertions.assertThat;

import giliran.subject.TriedGiliran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** That what is measured is set as what is run. */
final class SettingsTest {
    private static final Pattern OPTION = Pattern.compile("(?<= )(-X\\S+|--[a-z][a-z-]+=\\S+)");

    @Test
    void startsJavaAsTheLauncherDoes() throws IOException {
        String launcher = Files.readString(Path.of("../giliran"));
        String java = launcher.substring(launcher.indexOf("exec \"$JAVA_HOME/bin/java\""));

        assertThat(OPTION.matcher(java.substring(0, java.indexOf("-jar"))).results())
                .extracting(MatchResult::group)
                .containsExactlyElementsOf(TriedGiliran.AS_LAUNCHED);
    }
}
