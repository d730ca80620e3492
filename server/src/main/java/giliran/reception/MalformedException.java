package giliran.reception;

/** The request is not in the form that was agreed upon. */
public final class MalformedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    final String at;

    /**
     * @param at where, as software can read it: a JSON pointer, or the kind of part and its name,
     *     such as {@code header:Idempotency-Key}; empty if that says too much or too little
     */
    public MalformedException(String at) {
        super("malformed", null, false, false);
        this.at = at;
    }
}
