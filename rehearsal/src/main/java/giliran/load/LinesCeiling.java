package giliran.load;

import java.nio.ByteBuffer;
import java.time.Duration;

/** What {@link Lines} can do at most: against a server that does nothing, all ask on at once. */
public final class LinesCeiling implements Asker {
    private final Asker asker;
    private int answered;
    private int next;

    private LinesCeiling(Asker asker) {
        this.asker = asker;
    }

    /**
     * Measures it.
     *
     * @param body of each answer, which is a 201
     * @param asker writes requests and hears answers; its numbers go on and on from 0
     */
    public static Ceiling measure(
            int linesMax, Duration warmUp, Duration counted, String body, Asker asker) {
        LinesCeiling all = new LinesCeiling(asker);
        try (SameAnswer server = new SameAnswer("Content-Type: application/json\r\n", body);
                Lines lines = new Lines(server.address(), linesMax, Duration.ofMinutes(1), all)) {
            all.askFor(warmUp, lines, linesMax);
            CpuTime cpu = new CpuTime();
            int before = all.answered;
            long from = System.nanoTime();
            all.askFor(counted, lines, linesMax);
            int answers = all.answered - before;
            return new Ceiling(
                    answers / ((System.nanoTime() - from) / 1e9), cpu.microsEach(answers));
        }
    }

    private void askFor(Duration time, Lines lines, int linesMax) {
        long until = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < until) {
            while (lines.underWay() < linesMax) {
                lines.ask(next++);
            }
            lines.turn(1);
        }
    }

    @Override
    public Manner write(int number, ByteBuffer out) {
        return asker.write(number, out);
    }

    @Override
    public void answered(int number, Answer answer) {
        answered++;
        asker.answered(number, answer);
    }

    @Override
    public void unanswered(int number, NoAnswer why) {
        asker.unanswered(number, why);
    }
}
