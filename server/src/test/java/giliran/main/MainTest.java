package giliran.main;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the commands say of themselves, and of words that they do not understand. */
final class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void explainsItsCommands() {
        assertThat(execute("--help")).isZero();
        assertThat(out.toString()).contains("\n  run ", "\n  audit ", "\n  check ", "\n  help ");
    }

    @Test
    void explainsItselfWithoutACommand() {
        assertThat(execute()).isZero();
        assertThat(out.toString()).startsWith("Usage: ./giliran ");
    }

    @Test
    void explainsEachCommand() {
        assertThat(execute("help", "check")).isZero();
        assertThat(out.toString()).contains("--long");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "dance                   | there is no such command",
                "help dance              | Unknown subcommand 'dance'.",
                "run --dance             | Unknown option: '--dance'.",
                "run --port noon         | 'noon' is not an int.",
                "run --port              | Missing required parameter for option '--port' (PORT).",
                "run --port 65536        | --port must be a port from 1 to 65535, not 65536.",
                "run --port 0            | --port must be a port from 1 to 65535, not 0.",
                "run --metrics-port 8080 | must be two different ports.",
                "run --trust-proxy 10/8  | --trust-proxy must be addresses such as 10.0.0.0/8",
                "run --database mysql:x  | --database must look like jdbc:postgresql://",
                "audit --database x      | --database must look like jdbc:postgresql://",
                "audit everything        | 'everything'.",
            })
    void refusesWhatItDoesNotUnderstandInOneLine(String arguments, String sentence) {
        assertThat(execute(arguments.split(" +"))).isEqualTo(2);
        assertThat(err.toString()).startsWith("giliran: ").contains(sentence);
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(out.toString()).isEmpty();
    }

    private int execute(String... arguments) {
        return Main.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }
}
