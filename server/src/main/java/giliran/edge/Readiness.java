package giliran.edge;

import java.util.Optional;

/** Whether this node may take writes just now, and if not, what it waits for. */
public final class Readiness {
    /** The database does not answer. */
    public static final String DATABASE = "database";

    /** This machine's clock is too far from the database's. */
    public static final String CLOCK = "clock";

    private volatile Optional<String> obstacle = Optional.of(DATABASE);

    public void ready() {
        obstacle = Optional.empty();
    }

    public void waitFor(String obstacle) {
        this.obstacle = Optional.of(obstacle);
    }

    public Optional<String> obstacle() {
        return obstacle;
    }
}
