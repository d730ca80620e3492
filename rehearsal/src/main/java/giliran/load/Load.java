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
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Many clients of one server, each on a connection of its own that is kept, all on the thread that
 * calls {@link #run}.
 *
 * <p>It shares a machine with what it measures, so a request costs it one write and one read, and
 * no memory. Requests come in flows of two kinds. In a closed flow so many clients ask, wait for
 * the answer and ask again at once; its pace is the server's, so its latencies say how long one
 * waits among so many, and nothing of a pause in which nobody asked. In an open flow requests are
 * due at a fixed rate whatever the server does; a latency counts from the moment at which the
 * request was due, so that a pause is felt by all who came in it (no coordinated omission).
 */
public final class Load implements AutoCloseable {
    /** How long answers are waited for at the end. */
    private static final Duration DRAIN_MAX = Duration.ofSeconds(30);

    private static final long TICK_MILLIS = 1;

    private final InetSocketAddress server;
    private final Selector selector;
    private final Incoming incoming = new Incoming();
    private final ByteBuffer outgoing = ByteBuffer.allocateDirect(Traffic.REQUEST_BYTES_MAX);
    private final List<Flow> flows = new ArrayList<>();
    private long now;
    private boolean isEnding;
    private long answers;

    public Load(InetSocketAddress server) {
        this.server = server;
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds clients who ask, wait, and ask again. */
    public Tally closed(int clients, Traffic traffic) {
        Flow flow = new Flow(traffic, clients, 0);
        flows.add(flow);
        return flow.tally;
    }

    /**
     * Adds requests at a fixed rate.
     *
     * @param connectionsMax how many may be without an answer; those due beyond wait, and their
     *     waiting counts
     */
    public Tally open(double perSecond, int connectionsMax, Traffic traffic) {
        Flow flow = new Flow(traffic, connectionsMax, 1e9 / perSecond);
        flows.add(flow);
        return flow.tally;
    }

    /**
     * Lets them all ask, and returns when they were answered: after both times, or when there is
     * nothing more to ask for.
     *
     * @param warmUp not counted
     * @return whether there was something to ask for until the end
     * @throws UncheckedIOException if the server cannot be reached
     */
    public boolean run(Duration warmUp, Duration counted) {
        try {
            for (Flow flow : flows) {
                flow.connect();
            }
            now = System.nanoTime();
            long countFrom = now + warmUp.toNanos();
            long end = countFrom + counted.toNanos();
            flows.forEach(flow -> flow.begin(countFrom, end));
            while (now < end && !flows.stream().allMatch(Flow::isDone)) {
                turn();
            }
            isEnding = true;
            long ended = Math.min(now, end);
            flows.forEach(flow -> flow.tally.end(ended));
            long giveUpAt = now + DRAIN_MAX.toNanos();
            while (now < giveUpAt && !flows.stream().allMatch(Flow::isDone)) {
                turn();
            }
            for (Flow flow : flows) {
                flow.giveUp();
            }
            return flows.stream().noneMatch(flow -> flow.isExhausted);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many answers came in all, also those that were not counted. */
    public long answers() {
        return answers;
    }

    private void turn() throws IOException {
        for (Flow flow : flows) {
            flow.ask();
        }
        selector.select(this::attend, TICK_MILLIS);
        now = System.nanoTime();
    }

    private void attend(SelectionKey key) {
        Client client = (Client) key.attachment();
        try {
            if (key.isWritable()) {
                client.writeRest();
            }
            if (key.isReadable()) {
                client.read();
            }
        } catch (IOException e) {
            client.broke();
        }
    }

    /** Requests of one kind, and the clients who send them. */
    private final class Flow {
        final Traffic traffic;
        final Tally tally = new Tally();
        private final int clientsMax;

        /** 0 in a closed flow. */
        private final double interval;

        private final List<Client> clients = new ArrayList<>();
        private final Deque<Client> idle = new ArrayDeque<>();
        private long begun;
        private long due;
        private long countFrom;
        private long end;
        private boolean isExhausted;

        Flow(Traffic traffic, int clientsMax, double interval) {
            this.traffic = traffic;
            this.clientsMax = clientsMax;
            this.interval = interval;
        }

        boolean isOpen() {
            return interval > 0;
        }

        /**
         * Opens the connections of those who ask at once. In an open flow most would stay unused
         * until the server closes them.
         */
        void connect() throws IOException {
            while (!isOpen() && clients.size() < clientsMax) {
                idle.add(newClient());
            }
        }

        private Client newClient() throws IOException {
            Client client = new Client(this);
            clients.add(client);
            return client;
        }

        void begin(long countFrom, long end) {
            this.countFrom = countFrom;
            this.end = end;
            begun = now;
            due = 0;
            tally.begin(countFrom);
        }

        /** Sends what is to be sent now by clients who are idle. */
        void ask() throws IOException {
            while (hasSomebodyToAsk() && !isExhausted) {
                long intended = isOpen() ? nextDue() : now;
                if (intended > now || intended >= end || (!isOpen() && isEnding)) {
                    return;
                }
                Client client = idle.isEmpty() ? newClient() : idle.pop();
                client.ask(intended);
                due++;
            }
        }

        private boolean hasSomebodyToAsk() {
            return !idle.isEmpty() || clients.size() < clientsMax;
        }

        boolean isDone() {
            return (isExhausted || (isEnding && !isDue(end))) && idle.size() == clients.size();
        }

        /** Whether a request is still to be sent that is due before then. */
        private boolean isDue(long before) {
            return isOpen() && nextDue() < before;
        }

        private long nextDue() {
            return begun + (long) (due * interval);
        }

        void answered(Client client, Answer answer, long answeredAt) {
            if (counts(client.intendedAt, answeredAt)) {
                tally.answered(answer, answeredAt - client.intendedAt);
            }
            traffic.answered(client.number, answer);
        }

        void lost(Client client) {
            long at = System.nanoTime();
            if (counts(client.intendedAt, at)) {
                tally.unanswered("connection lost", at - client.intendedAt);
            }
            traffic.lost(client.number);
        }

        /** A closed flow counts by the answer, an open one by when it was due. */
        private boolean counts(long intendedAt, long answeredAt) {
            long at = isOpen() ? intendedAt : answeredAt;
            return at >= countFrom && at < end;
        }

        /** Counts what is not answered even now, and closes all connections. */
        void giveUp() throws IOException {
            for (Client client : clients) {
                if (client.isAsking && counts(client.intendedAt, client.intendedAt)) {
                    tally.unanswered("no answer", now - client.intendedAt);
                }
                client.close();
            }
        }
    }

    /** One connection, on which one request at a time is under way. */
    private final class Client {
        private final Flow flow;
        private final Answer answer = new Answer();
        private SocketChannel channel;
        private SelectionKey key;
        private ByteBuffer rest = ByteBuffer.allocate(0);
        private boolean isAsking;
        private int number;
        private long intendedAt;

        Client(Flow flow) throws IOException {
            this.flow = flow;
            channel = open();
            key = register();
        }

        private SocketChannel open() throws IOException {
            SocketChannel opened = SocketChannel.open(server);
            opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
            opened.configureBlocking(false);
            return opened;
        }

        private SelectionKey register() throws IOException {
            return channel.register(selector, SelectionKey.OP_READ, this);
        }

        void ask(long intended) throws IOException {
            outgoing.clear();
            int next = flow.traffic.next(outgoing);
            if (next == Traffic.NOTHING) {
                flow.isExhausted = true;
                flow.idle.add(this);
                return;
            }
            number = next;
            intendedAt = intended;
            isAsking = true;
            answer.begin();
            outgoing.flip();
            try {
                channel.write(outgoing);
            } catch (IOException e) {
                broke();
                return;
            }
            if (outgoing.hasRemaining()) {
                rest = ByteBuffer.allocate(outgoing.remaining()).put(outgoing).flip();
                key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            }
        }

        void writeRest() throws IOException {
            channel.write(rest);
            if (!rest.hasRemaining()) {
                key.interestOps(SelectionKey.OP_READ);
            }
        }

        void read() throws IOException {
            switch (incoming.read(channel, answer, isAsking)) {
                case END -> broke();
                case A_PART -> {}
                case THE_WHOLE -> answered();
            }
        }

        private void answered() throws IOException {
            isAsking = false;
            now = System.nanoTime();
            answers++;
            flow.answered(this, answer, now);
            if (answer.isLast()) {
                reopen();
            }
            if (flow.isOpen() || isEnding || flow.isExhausted) {
                flow.idle.push(this);
            } else {
                ask(now);
            }
        }

        void broke() {
            if (isAsking) {
                isAsking = false;
                flow.lost(this);
                flow.idle.push(this);
            }
            try {
                reopen();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void reopen() throws IOException {
            close();
            channel = open();
            key = register();
        }

        void close() throws IOException {
            channel.close();
        }
    }

    @Override
    public void close() {
        try {
            for (Flow flow : flows) {
                for (Client client : flow.clients) {
                    client.close();
                }
            }
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
