package giliran.crowd;

import giliran.load.Answer;
import giliran.load.Traffic;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Everyone fetches a pass, before the opening. */
final class FetchPasses implements Traffic {
    private static final byte[] PASS = Post.ascii("\"pass\":\"");

    private static final int TOLD_EVERY = 100_000;

    private final Post post;
    private final Population population;
    private final Passes passes;
    private final Consumer<String> progress;
    private int next;

    FetchPasses(String campaign, Population population, Passes passes, Consumer<String> progress) {
        post = new Post("/api/v1/campaigns/" + campaign + "/passes");
        this.population = population;
        this.passes = passes;
        this.progress = progress;
    }

    @Override
    public int next(ByteBuffer out) {
        if (next == population.people()) {
            return NOTHING;
        }
        byte[] members = population.members(next);
        post.write(out, next, members.length + 2);
        out.put((byte) '{').put(members).put((byte) '}');
        return next++;
    }

    @Override
    public void answered(int number, Answer answer) {
        if (answer.status() == 201) {
            passes.add(number, answer.textAfter(PASS));
            if (passes.count() % TOLD_EVERY == 0) {
                progress.accept("  %,d passes".formatted(passes.count()));
            }
        }
    }
}
