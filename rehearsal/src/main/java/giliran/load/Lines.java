package giliran.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Connections to one server that are kept, for requests that come when they are due: as many as
 * there are connections at once, the others wait in turn. All on the thread that calls {@link
 * #turn}.
 *
 * <p>Unlike {@link Load} it does not say when a request is due, and its lines are those of people:
 * they are given up when nobody waits any more, cut, slow, and the server behind them may be away.
 */
public final class Lines implements AutoCloseable {
    private static final Duration SECOND_HALF_AFTER = Duration.ofSeconds(2);
    private static final int WAITING_FIRST = 1_024;

    private final InetSocketAddress server;
    private final Asker asker;
    private final int linesMax;
    private final long timeOutNanos;
    private final Selector selector;
    private final Incoming incoming = new Incoming();
    private final ByteBuffer outgoing = ByteBuffer.allocateDirect(Traffic.REQUEST_BYTES_MAX);
    private final Deque<Line> idle = new ArrayDeque<>();

    /** Those that are asking, in the order in which they began, some of them answered since. */
    private final Deque<Asked> asked = new ArrayDeque<>();

    private final Deque<Asked> halves = new ArrayDeque<>();

    /** A ring of those who wait for a line. */
    private int[] waiting = new int[WAITING_FIRST];

    private int waitingFrom;
    private int waitingCount;
    private int lines;
    private int underWay;
    private long requests;

    private record Asked(Line line, long serial, long at) {}

    /**
     * @param linesMax how many connections at most
     * @param timeOut how long people wait for an answer, from the moment at which they have a line
     */
    public Lines(InetSocketAddress server, int linesMax, Duration timeOut, Asker asker) {
        this.server = server;
        this.linesMax = linesMax;
        this.asker = asker;
        timeOutNanos = timeOut.toNanos();
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks now, or as soon as there is a line. Nobody asks twice at once. */
    public void ask(int number) {
        if (waitingCount > 0 || !send(number)) {
            makeRoom();
            waiting[(waitingFrom + waitingCount) % waiting.length] = number;
            waitingCount++;
        }
    }

    /** Asks now, or before all others who wait for a line. Nobody asks twice at once. */
    public void askFirst(int number) {
        if (!send(number)) {
            makeRoom();
            waitingFrom = (waitingFrom + waiting.length - 1) % waiting.length;
            waiting[waitingFrom] = number;
            waitingCount++;
        }
    }

    /** How many have no answer yet, those that wait for a line included. */
    public int underWay() {
        return underWay + waitingCount;
    }

    /** How many requests were sent. */
    public long requests() {
        return requests;
    }

    /**
     * Attends to what has come, and to whoever waits.
     *
     * @param millisMax how long it may wait for something to come; 0 not at all
     */
    public void turn(long millisMax) {
        try {
            if (millisMax > 0) {
                selector.select(this::attend, millisMax);
            } else {
                selector.selectNow(this::attend);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        long now = System.nanoTime();
        while (!halves.isEmpty() && now - halves.getFirst().at >= SECOND_HALF_AFTER.toNanos()) {
            Asked half = halves.removeFirst();
            if (half.line.isAsking(half.serial)) {
                half.line.writeOn();
            }
        }
        while (!asked.isEmpty() && isOver(asked.getFirst(), now)) {
            Asked first = asked.removeFirst();
            if (first.line.isAsking(first.serial)) {
                first.line.end(Asker.NoAnswer.TIMED_OUT);
            }
        }
        while (waitingCount > 0 && !(idle.isEmpty() && lines == linesMax)) {
            send(leaveQueue());
        }
    }

    /** Whether it can be forgotten: it is answered, or will not be. */
    private boolean isOver(Asked first, long now) {
        return !first.line.isAsking(first.serial) || now - first.at >= timeOutNanos;
    }

    private boolean send(int number) {
        Line line = idle.poll();
        if (line == null) {
            if (lines == linesMax) {
                return false;
            }
            line = new Line();
            lines++;
        }
        line.ask(number);
        return true;
    }

    private void makeRoom() {
        if (waitingCount == waiting.length) {
            int[] more = new int[2 * waitingCount];
            for (int i = 0; i < waitingCount; i++) {
                more[i] = waiting[(waitingFrom + i) % waitingCount];
            }
            waiting = more;
            waitingFrom = 0;
        }
    }

    private int leaveQueue() {
        int number = waiting[waitingFrom];
        waitingFrom = (waitingFrom + 1) % waiting.length;
        waitingCount--;
        return number;
    }

    private void attend(SelectionKey key) {
        Line line = (Line) key.attachment();
        try {
            if (key.isConnectable()) {
                line.connected();
            }
            if (key.isValid() && key.isWritable()) {
                line.writeOn();
            }
            if (key.isValid() && key.isReadable()) {
                line.read();
            }
        } catch (IOException e) {
            line.end(Asker.NoAnswer.BROKEN);
        }
    }

    /** One connection, on which one request at a time is under way. */
    private final class Line {
        private final Answer answer = new Answer();
        private final SocketChannel channel;
        private final SelectionKey key;
        private ByteBuffer rest = ByteBuffer.allocate(0);
        private boolean isAsking;
        private boolean isCut;
        private int number;

        /** Tells this line's requests apart. */
        private long serial;

        Line() {
            try {
                channel = SocketChannel.open();
                channel.configureBlocking(false);
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                key = channel.register(selector, SelectionKey.OP_CONNECT, this);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            try {
                if (channel.connect(server)) {
                    key.interestOps(SelectionKey.OP_READ);
                }
            } catch (IOException e) {
                // Nobody is at the door: whoever asks will hear so.
                close();
            }
        }

        boolean isAsking(long serial) {
            return isAsking && this.serial == serial;
        }

        void ask(int next) {
            number = next;
            isAsking = true;
            serial++;
            underWay++;
            requests++;
            asked.addLast(new Asked(this, serial, System.nanoTime()));
            if (!channel.isOpen()) {
                end(Asker.NoAnswer.BROKEN);
                return;
            }
            answer.begin();
            outgoing.clear();
            Asker.Manner manner = asker.write(next, outgoing);
            outgoing.flip();
            isCut = manner == Asker.Manner.CUT;
            int end = outgoing.limit();
            boolean isInTwo = manner == Asker.Manner.IN_TWO;
            try {
                if (channel.isConnected()) {
                    outgoing.limit(isInTwo ? end / 2 : end);
                    channel.write(outgoing);
                    outgoing.limit(end);
                }
            } catch (IOException e) {
                end(Asker.NoAnswer.BROKEN);
                return;
            }
            if (outgoing.hasRemaining()) {
                rest = ByteBuffer.allocate(outgoing.remaining()).put(outgoing).flip();
                if (isInTwo) {
                    halves.addLast(new Asked(this, serial, System.nanoTime()));
                } else if (channel.isConnected()) {
                    key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                }
            } else if (isCut) {
                end(Asker.NoAnswer.CUT);
            }
        }

        void connected() throws IOException {
            channel.finishConnect();
            key.interestOps(SelectionKey.OP_READ);
            if (rest.hasRemaining()) {
                writeOn();
            }
        }

        /** Writes what could not be written at once. */
        void writeOn() {
            if (!channel.isConnected()) {
                return;
            }
            try {
                channel.write(rest);
            } catch (IOException e) {
                end(Asker.NoAnswer.BROKEN);
                return;
            }
            if (rest.hasRemaining()) {
                key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            } else if (isCut) {
                end(Asker.NoAnswer.CUT);
            } else {
                key.interestOps(SelectionKey.OP_READ);
            }
        }

        void read() throws IOException {
            switch (incoming.read(channel, answer, isAsking)) {
                case END -> end(Asker.NoAnswer.BROKEN);
                case A_PART -> {}
                case THE_WHOLE -> answered();
            }
        }

        private void answered() {
            isAsking = false;
            underWay--;
            if (answer.isLast()) {
                close();
                lines--;
            }
            asker.answered(number, answer);
            if (!answer.isLast()) {
                idle.push(this);
            }
        }

        /** Gives the connection up, and the request on it. */
        void end(Asker.NoAnswer why) {
            reset();
            lines--;
            if (isAsking) {
                isAsking = false;
                underWay--;
                asker.unanswered(number, why);
            } else {
                idle.remove(this);
            }
        }

        /** Closes it at once: so many closed in order would use up the machine's ports. */
        private void reset() {
            try {
                if (channel.isConnected()) {
                    channel.setOption(StandardSocketOptions.SO_LINGER, 0);
                }
            } catch (IOException e) {
                // It is closed already.
            }
            close();
        }

        void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void close() {
        try {
            selector.keys().forEach(key -> ((Line) key.attachment()).close());
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
