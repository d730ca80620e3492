package giliran.store;

/**
 * COMMIT was sent and its answer was lost: what was asked for may or may not have been done. Only
 * asking for the same again, in a way that finds its own earlier work, settles it.
 */
public final class CommitInDoubtException extends StoreException {
    private static final long serialVersionUID = 1;

    CommitInDoubtException(Throwable cause) {
        super("The database's answer to a commit was lost", cause);
    }
}
