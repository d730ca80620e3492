package giliran.load;

import java.nio.ByteBuffer;
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
        try (SameAnswer server = new SameAnswer(HEADERS, "x".repeat(ANSWER_BYTES));
                Load load = new Load(server.address())) {
            Tally tally = load.closed(clients, traffic);
            CpuTime cpu = new CpuTime();
            load.run(warmUp, counted);
            return new Ceiling(tally.grantedPerSecond(), cpu.microsEach(load.answers()));
        }
    }
}
