package giliran.subject;

/** A rehearsal that cannot go on, in one sentence. */
public final class RehearsalException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public RehearsalException(String sentence) {
        super(sentence);
    }

    public RehearsalException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
