package giliran.store;

/** The database could not be reached, or broke off before COMMIT was sent: nothing was done. */
public final class DatabaseAwayException extends StoreException {
    private static final long serialVersionUID = 1;

    DatabaseAwayException(Throwable cause) {
        super("The database does not answer", cause);
    }
}
