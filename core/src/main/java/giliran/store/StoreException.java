package giliran.store;

/**
 * The world's failure: the database or the disk did not do what it was asked. Its message is one
 * sentence for a person; it never holds personal data, a password or a statement's parameters.
 *
 * <p>Unless it is a {@link CommitInDoubtException}, whatever was asked for has not been done.
 */
public class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public StoreException(String sentence) {
        super(sentence);
    }

    public StoreException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
