package giliran.main;

/** A command cannot go on for a reason that its user can mend; the message is one sentence. */
final class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1;

    CommandException(String sentence) {
        super(sentence);
    }
}
