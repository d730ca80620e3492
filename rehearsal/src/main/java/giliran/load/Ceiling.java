package giliran.load;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/**
 * What the clients themselves can do, against a server that does nothing: what is measured near it
 * says more of them than of the server.
 *
 * @param perSecond answers a second, with the server on another core
 * @param cpuMicros what one request costs the clients
 */
public record Ceiling(double perSecond, double cpuMicros) {
    private static final int REQUEST_BYTES = 900;
    private static final int ANSWER_BYTES = 400;
    private static final String HEADERS =
            "Content-Type: application/json\r\nCache-Control: no-store\r\nX-Request-Id:"
                    + " 1234567890123\r\nReferrer-Policy: no-referrer\r\n";

    /** Measures it with requests and answers of the size of a booking's. */
    public static Ceiling measure(int clients, Duration warmUp, Duration counted) {
        byte[] request = new byte[REQUEST_BYTES];
        Arrays.fill(request, (byte) 'x');
        Traffic traffic =
                new Traffic() {
                    @Override
                    public int next(ByteBuffer out) {
                        out.put(request);
                        return 0;
                    }

                    @Override
                    public void answered(int number, Answer answer) {}
                };
        String answer =
                "HTTP/1.1 201 Created\r\n"
                        + HEADERS
                        + "content-length: "
                        + ANSWER_BYTES
                        + "\r\n\r\n"
                        + new String(new byte[ANSWER_BYTES], StandardCharsets.US_ASCII);
        try (SameAnswer server = new SameAnswer(answer);
                Load load = new Load(server.address())) {
            Tally tally = load.closed(clients, traffic);
            var threads = ManagementFactory.getThreadMXBean();
            long before = threads.getCurrentThreadCpuTime();
            load.run(warmUp, counted);
            long cpu = threads.getCurrentThreadCpuTime() - before;
            return new Ceiling(tally.grantedPerSecond(), cpu / 1e3 / Math.max(1, load.answers()));
        }
    }
}
