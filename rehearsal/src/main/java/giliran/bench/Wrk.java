package giliran.bench;

import giliran.subject.RehearsalException;
import giliran.subject.Usage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Debian's wrk: as many readers as are asked for, who read, wait and read again at once. */
final class Wrk {
    private static final Pattern REQUESTS = Pattern.compile("(\\d+) requests in ([0-9.]+)(m?s|m)");
    private static final Pattern LATENCY = Pattern.compile(" (50|99)%\\s+([0-9.]+)(us|ms|s|m)");
    private static final Pattern FAULTS =
            Pattern.compile("(?m)^\\s*(Socket errors: .*|Non-2xx or 3xx responses: .*)$");

    /**
     * What they were answered.
     *
     * @param busy the share of its threads' time that wrk was at work: what it could have asked at
     *     the most is the rate divided by it
     * @param faults in wrk's words; empty if there were none
     */
    record Run(
            long requests,
            double seconds,
            double p50Millis,
            double p99Millis,
            double busy,
            String faults) {
        double perSecond() {
            return requests / seconds;
        }
    }

    private final Path program;
    private final Path folder;
    private final int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

    /**
     * @param folder for its scripts
     */
    Wrk(Path folder) {
        this.folder = folder;
        program =
                find("wrk")
                        .orElseThrow(
                                () ->
                                        new RehearsalException(
                                                "There is no wrk: install Debian's package wrk."));
    }

    /** A program on the path, or where Debian keeps servers. */
    static Optional<Path> find(String name) {
        return Stream.of((System.getenv("PATH") + ":/usr/sbin").split(":", -1))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Reads over and over, on connections that are kept. */
    Run read(URI from, Map<String, String> headers, int connections, Duration time) {
        List<String> words = new ArrayList<>();
        headers.forEach((name, value) -> words.addAll(List.of("-H", name + ": " + value)));
        return run(from, words, connections, time);
    }

    /** The same, but every connection is closed after ten requests, more or less. */
    Run readClosing(URI from, Map<String, String> headers, int connections, Duration time) {
        StringBuilder pairs = new StringBuilder();
        headers.forEach(
                (name, value) -> pairs.append("[\"%s\"] = \"%s\", ".formatted(name, value)));
        Path script = folder.resolve("closing.lua");
        try {
            Files.writeString(script, closing(pairs));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return run(from, List.of("-s", script.toString()), connections, time);
    }

    /** Asks with each tenth request that the connection be closed. */
    private static String closing(CharSequence headers) {
        return """
            local count = 0
            function request()
              count = count + 1
              if count %% 10 == 0 then
                return wrk.format(nil, nil, {%1$s["Connection"] = "close"})
              end
              return wrk.format(nil, nil, {%1$s})
            end
            """
                .formatted(headers);
    }

    private Run run(URI from, List<String> more, int connections, Duration time) {
        List<String> words =
                new ArrayList<>(List.of(program.toString(), "--latency", "-t" + threads));
        words.add("-c" + connections);
        words.add("-d" + Math.max(1, time.toSeconds()) + "s");
        words.addAll(more);
        words.add(from.toString());
        double before = Usage.cpuSecondsOfEndedChildren();
        String said = said(words);
        double cpu = Usage.cpuSecondsOfEndedChildren() - before;
        return parse(said, cpu / threads);
    }

    private static String said(List<String> words) {
        try {
            Process wrk = new ProcessBuilder(words).redirectErrorStream(true).start();
            String said = new String(wrk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (wrk.waitFor() != 0) {
                throw new RehearsalException("wrk failed: " + said);
            }
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RehearsalException("interrupted", e);
        }
    }

    /**
     * Reads what wrk prints at its end.
     *
     * @param cpuPerThread seconds
     */
    static Run parse(String said, double cpuPerThread) {
        Matcher requests = REQUESTS.matcher(said);
        if (!requests.find()) {
            throw new RehearsalException("wrk said what is not understood: " + said);
        }
        double seconds = millis(requests.group(2), requests.group(3)) / 1e3;
        double p50 = Double.NaN;
        double p99 = Double.NaN;
        Matcher latency = LATENCY.matcher(said);
        while (latency.find()) {
            double millis = millis(latency.group(2), latency.group(3));
            if (latency.group(1).equals("50")) {
                p50 = millis;
            } else {
                p99 = millis;
            }
        }
        String faults =
                String.join(
                        "; ", FAULTS.matcher(said).results().map(found -> found.group(1)).toList());
        return new Run(
                Long.parseLong(requests.group(1)),
                seconds,
                p50,
                p99,
                cpuPerThread / seconds,
                faults);
    }

    private static double millis(String number, String unit) {
        double value = Double.parseDouble(number);
        return switch (unit) {
            case "us" -> value / 1e3;
            case "ms" -> value;
            case "s" -> value * 1e3;
            default -> value * 60e3;
        };
    }
}
