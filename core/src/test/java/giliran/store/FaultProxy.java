package giliran.store;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Stands between a client and its PostgreSQL and passes everything on, until it is told to do harm.
 *
 * <p>It reads the client's side of the wire protocol (version 3) message by message, and so knows
 * the COMMIT before it has passed it on: as a simple query, or as the execution of a statement that
 * was prepared with that text. Of the server's side it knows where an answer ends.
 */
public final class FaultProxy implements AutoCloseable {
    /** What happens to the next COMMIT. */
    public enum Fault {
        /** The server never sees it, and both sides lose their connection: it is rolled back. */
        CUT_BEFORE_COMMIT,
        /** The server does it and answers; the client loses its connection before it hears so. */
        CUT_BEFORE_ANSWER,
        /**
         * The client loses its connection at once; the server sees the COMMIT only after {@link
         * FaultProxy#releaseCommit}, and until then its transaction lives.
         */
        CUT_AND_COMMIT_LATER,
        /** The server never sees it; both connections stay open and silent. */
        SWALLOW_COMMIT,
        /** The server does it and answers; the client hears nothing, and its connection stays. */
        SWALLOW_ANSWER
    }

    private static final int PROTOCOL_3 = 3 << 16;
    private static final int QUERY = 'Q';
    private static final int PARSE = 'P';
    private static final int BIND = 'B';
    private static final int EXECUTE = 'E';
    private static final int READY_FOR_QUERY = 'Z';

    private final DataFolder.Connection target;
    private volatile ServerSocket listener;
    private volatile Duration delay = Duration.ZERO;
    private final Set<Wire> wires = ConcurrentHashMap.newKeySet();
    private final AtomicReference<Optional<Fault>> next = new AtomicReference<>(Optional.empty());
    private final AtomicInteger faultsDone = new AtomicInteger();
    private final CountDownLatch release = new CountDownLatch(1);

    /** Listens on a free port of the loopback address, before this database. */
    public FaultProxy(DataFolder.Connection target) {
        this.target = target;
        listener = listenAt(0);
    }

    private ServerSocket listenAt(int port) {
        try {
            ServerSocket opened = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
            Thread.ofVirtual().start(() -> accept(opened));
            return opened;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The database as it is reached through this proxy. */
    public DataFolder.Connection connection() {
        URI server = server();
        return new DataFolder.Connection(
                "jdbc:postgresql://127.0.0.1:%d%s?sslmode=disable&gssEncMode=disable"
                        .formatted(listener.getLocalPort(), server.getPath()),
                target.user(),
                target.password());
    }

    /** Does this to the next COMMIT, and to that one alone. */
    public void atNextCommit(Fault fault) {
        next.set(Optional.of(fault));
    }

    /** Ends all connections, whatever they are doing; new ones are let in. */
    public void cutAll() {
        wires.forEach(Wire::cut);
    }

    /** Keeps back for so long whatever goes either way from now on. */
    public void delay(Duration each) {
        delay = each;
    }

    /** Ends all connections and takes no new ones, until {@link #comeBack}. */
    public void vanish() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        cutAll();
    }

    /** Is there again after {@link #vanish}, at the same address. */
    public void comeBack() {
        listener = listenAt(listener.getLocalPort());
    }

    /** How many COMMITs have met their fault. */
    public int faultsDone() {
        return faultsDone.get();
    }

    /** Lets the COMMIT through that was held back. */
    public void releaseCommit() {
        release.countDown();
    }

    /** Ends all connections and takes no new ones, as a server does that is gone. */
    @Override
    public void close() {
        releaseCommit();
        vanish();
    }

    private URI server() {
        return URI.create(target.jdbcUrl().substring("jdbc:".length()));
    }

    private void accept(ServerSocket at) {
        while (!at.isClosed()) {
            try {
                Socket client = at.accept();
                Wire wire = new Wire(client, new Socket(server().getHost(), server().getPort()));
                wires.add(wire);
                if (at.isClosed()) {
                    wire.cut();
                }
                Thread.ofVirtual().start(wire::carryToServer);
                Thread.ofVirtual().start(wire::carryToClient);
            } catch (IOException e) {
                // Closed: nobody is let in any more. Otherwise one client found no server.
            }
        }
    }

    /** One connection of a client, and ours to the server for it. */
    private final class Wire {
        private final Socket client;
        private final Socket server;
        private final CountDownLatch answered = new CountDownLatch(1);
        private volatile boolean isAnswerKept;

        /** What was prepared under a name, and what was bound to a portal: whether it commits. */
        private final Map<String, Boolean> statements = new HashMap<>();

        private final Map<String, Boolean> portals = new HashMap<>();

        Wire(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void carryToServer() {
            try (client;
                    server) {
                DataInputStream in = in(client);
                OutputStream out = out(server);
                greet(in, out);
                while (true) {
                    int type = in.read();
                    if (type < 0) {
                        return;
                    }
                    byte[] body = body(in);
                    Optional<Fault> fault =
                            commits(type, body)
                                    ? next.getAndSet(Optional.empty())
                                    : Optional.empty();
                    if (fault.isPresent()) {
                        harm(fault.get(), type, body, in, out);
                        return;
                    }
                    send(out, type, body);
                    if (in.available() == 0) {
                        LockSupport.parkNanos(delay.toNanos());
                        out.flush();
                    }
                }
            } catch (IOException e) {
                // One side has gone, and with it the other.
            } finally {
                wires.remove(this);
            }
        }

        private void harm(Fault fault, int type, byte[] body, DataInputStream in, OutputStream out)
                throws IOException {
            switch (fault) {
                case CUT_BEFORE_COMMIT -> cut();
                case CUT_BEFORE_ANSWER -> {
                    isAnswerKept = true;
                    commit(type, body, in, out);
                    awaitQuietly(answered);
                    cut();
                }
                case CUT_AND_COMMIT_LATER -> {
                    isAnswerKept = true;
                    ByteArrayOutputStream later = new ByteArrayOutputStream();
                    commit(type, body, in, later);
                    client.close();
                    faultsDone.incrementAndGet();
                    awaitQuietly(release);
                    later.writeTo(out);
                    out.flush();
                    awaitQuietly(answered);
                    cut();
                    return;
                }
                case SWALLOW_COMMIT -> {
                    faultsDone.incrementAndGet();
                    in.transferTo(OutputStream.nullOutputStream());
                    return;
                }
                case SWALLOW_ANSWER -> {
                    isAnswerKept = true;
                    commit(type, body, in, out);
                    faultsDone.incrementAndGet();
                    in.transferTo(OutputStream.nullOutputStream());
                    return;
                }
            }
            faultsDone.incrementAndGet();
        }

        /** Passes on the COMMIT and what belongs to it, up to the message that ends a request. */
        private void commit(int type, byte[] body, DataInputStream in, OutputStream out)
                throws IOException {
            send(out, type, body);
            int last = type;
            while (last != QUERY && last != 'S') {
                last = in.read();
                if (last < 0) {
                    throw new IOException("The client went away in the middle of its COMMIT.");
                }
                send(out, last, body(in));
            }
            out.flush();
        }

        /** The messages before the first that has a type. */
        private void greet(DataInputStream in, OutputStream out) throws IOException {
            byte[] body = body(in);
            if (ByteBuffer.wrap(body).getInt() != PROTOCOL_3) {
                throw new IOException("Only connections without encryption can be read.");
            }
            out.write(ByteBuffer.allocate(4).putInt(body.length + 4).array());
            out.write(body);
            out.flush();
        }

        private boolean commits(int type, byte[] body) {
            Texts texts = new Texts(body);
            return switch (type) {
                case QUERY -> isCommit(texts.next());
                case PARSE -> {
                    statements.put(texts.next(), isCommit(texts.next()));
                    yield false;
                }
                case BIND -> {
                    portals.put(texts.next(), statements.getOrDefault(texts.next(), false));
                    yield false;
                }
                case EXECUTE -> portals.getOrDefault(texts.next(), false);
                default -> false;
            };
        }

        void carryToClient() {
            try (client;
                    server) {
                DataInputStream in = in(server);
                OutputStream out = out(client);
                for (int type = in.read(); type >= 0; type = in.read()) {
                    byte[] body = body(in);
                    if (!isAnswerKept) {
                        send(out, type, body);
                        if (in.available() == 0) {
                            LockSupport.parkNanos(delay.toNanos());
                            out.flush();
                        }
                    } else if (type == READY_FOR_QUERY) {
                        answered.countDown();
                    }
                }
            } catch (IOException e) {
                // One side has gone, and with it the other.
            } finally {
                answered.countDown();
            }
        }

        void cut() {
            try (client;
                    server) {
                wires.remove(this);
            } catch (IOException e) {
                // It was cut by the other side.
            }
        }
    }

    private static DataInputStream in(Socket socket) throws IOException {
        return new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    }

    private static OutputStream out(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        return new BufferedOutputStream(socket.getOutputStream());
    }

    private static boolean isCommit(String sql) {
        return sql.strip().equalsIgnoreCase("COMMIT");
    }

    private static byte[] body(DataInputStream in) throws IOException {
        byte[] body = new byte[in.readInt() - 4];
        in.readFully(body);
        return body;
    }

    private static void send(OutputStream out, int type, byte[] body) throws IOException {
        out.write(
                ByteBuffer.allocate(5 + body.length)
                        .put((byte) type)
                        .putInt(body.length + 4)
                        .put(body)
                        .array());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The texts at the start of a message, each ended by a zero byte. */
    private static final class Texts {
        private final byte[] body;
        private int at;

        Texts(byte[] body) {
            this.body = body;
        }

        String next() {
            int start = at;
            while (body[at] != 0) {
                at++;
            }
            return new String(body, start, at++ - start, StandardCharsets.UTF_8);
        }
    }
}
