package giliran.rehearsal;

/** A rehearsal that cannot go on, in one sentence. */
final class RehearsalException extends RuntimeException {
    private static final long serialVersionUID = 1;

    RehearsalException(String sentence) {
        super(sentence);
    }

    RehearsalException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
