package giliran.rehearsal;

import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;

/** All that people were told, and every promise that was found broken. */
final class Bookkeeping {
    private final Queue<Commitment> commitments = new ConcurrentLinkedQueue<>();
    private final Queue<String> broken = new ConcurrentLinkedQueue<>();
    final LongAdder requests = new LongAdder();
    final LongAdder commitmentsTold = new LongAdder();
    final LongAdder refusals = new LongAdder();
    final LongAdder replaysChecked = new LongAdder();
    final LongAdder inDoubtSettled = new LongAdder();
    final LongAdder outcomesUnknown = new LongAdder();
    final LongAdder faults = new LongAdder();

    void add(Commitment commitment) {
        commitments.add(commitment);
    }

    Collection<Commitment> commitments() {
        return commitments;
    }

    void promiseBroken(String sentence) {
        broken.add(sentence);
    }

    List<String> broken() {
        return List.copyOf(broken);
    }
}
