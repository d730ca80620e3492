package giliran.jobs;

import giliran.store.LocalPostgres;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the built-in database again when it has died under us. */
public final class KeepPostgres implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(KeepPostgres.class);

    private final LocalPostgres postgres;
    private boolean isGone;

    public KeepPostgres(LocalPostgres postgres) {
        this.postgres = postgres;
    }

    @Override
    public void run() {
        if (!isGone && !postgres.isRunning()) {
            isGone = true;
            LOG.warn("The database server has gone; starting it again");
        }
        if (isGone) {
            postgres.startAgainIfDead();
            isGone = false;
            LOG.warn("The database server is back, as process {}", postgres.pid());
        }
    }
}
