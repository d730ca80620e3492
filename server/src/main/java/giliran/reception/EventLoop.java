package giliran.reception;

import io.vertx.core.Vertx;

/**
 * An event loop as all rooms see it that it serves: whoever is booked in one of them goes before
 * whoever has to be told "gone" in another.
 */
public final class EventLoop {
    final Vertx vertx;
    final Mailbox mailbox;
    final BackRow backRow;

    /** The one on which this is called. */
    public EventLoop(Vertx vertx) {
        this.vertx = vertx;
        mailbox = new Mailbox(vertx.getOrCreateContext());
        backRow = new BackRow(vertx);
    }
}
