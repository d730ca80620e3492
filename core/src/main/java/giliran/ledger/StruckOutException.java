package giliran.ledger;

import giliran.store.StoreException;

/** Others believe this node dead: what it wanted to commit was rolled back. */
final class StruckOutException extends StoreException {
    private static final long serialVersionUID = 1;

    StruckOutException() {
        super("This node has been struck out by others");
    }
}
