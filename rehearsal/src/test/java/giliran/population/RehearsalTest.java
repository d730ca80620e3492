package giliran.population;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import giliran.outcome.Outcome;
import giliran.outcome.Outcome.BrokenPromise;
import giliran.outcome.Outcome.Ending;
import giliran.outcome.Outcome.Group;
import giliran.outcome.Outcome.Latency;
import giliran.outcome.Outcome.Second;
import giliran.population.LyingProxy.Lie;
import giliran.subject.Progress;
import giliran.subject.RehearsalException;
import giliran.subject.TriedGiliran;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A rehearsal with an honest server, and with one that lies, which is found out each time. */
final class RehearsalTest {
    private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
    private static final Path JAR = HOME.resolve("server/target/giliran.jar");
    private static final List<String> QUICK_TO_START =
            List.of("-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
    private static final int SEEDS = 1 << 16;

    @TempDir private static Path temp;
    private static TriedGiliran giliran;
    private static Outcome honest;
    private static Outcome lying;
    private static Set<Lie> told;

    @BeforeAll
    static void rehearse() throws IOException, InterruptedException {
        giliran = new TriedGiliran(HOME, JAR, temp.toRealPath().resolve("giliran"), QUICK_TO_START);
        giliran.serve("run", "--trust-proxy=" + RehearseScenario.TRUSTED);
        int seed = new SplittableRandom().nextInt(SEEDS);
        Progress.tell("Seed " + seed);
        honest = rehearse("honest", seed, address());
        try (LyingProxy proxy = new LyingProxy(address(), EnumSet.allOf(Lie.class))) {
            lying = rehearse("lying", seed + 1, proxy.address());
            told = proxy.told();
        }
    }

    @AfterAll
    static void stop() {
        giliran.close();
    }

    private static InetSocketAddress address() {
        return new InetSocketAddress(giliran.address().getHost(), giliran.address().getPort());
    }

    private static Outcome rehearse(String name, long seed, InetSocketAddress door)
            throws IOException, InterruptedException {
        return new RehearseScenario(
                        Scenario.read(
                                "src/test/resources/giliran/population/tiny.properties", 1, 1),
                        seed,
                        HOME,
                        "./giliran rehearse tiny",
                        giliran,
                        door,
                        false,
                        Files.createDirectories(temp.resolve(name)),
                        false,
                        Progress::tell)
                .run();
    }

    @Test
    void findsEveryPromiseKeptByAnHonestServerAndAllPlacesSold() {
        assertThat(honest.broken()).isEmpty();
        assertThat(honest.verdict().isKept()).isTrue();
        assertThat(honest.verdict().sentence()).startsWith("Every promise was kept: 400 of 400 ");
        assertThat(honest.figures().sold()).isEqualTo(400);
    }

    @Test
    void tellsWhatBecameOfEverybody() {
        assertThat(honest.endings().stream().mapToLong(Ending::people).sum()).isEqualTo(1_500);
        assertThat(honest.endings())
                .anyMatch(ending -> ending.equals(new Ending("have a place", 400)));
        for (String by : List.of("arrival", "line", "behaviour")) {
            List<Group> groups =
                    honest.fairness().stream().filter(group -> group.by().equals(by)).toList();
            assertThat(groups.stream().mapToLong(Group::people).sum()).as(by).isEqualTo(1_500);
            assertThat(groups.stream().mapToLong(Group::gotAPlace).sum())
                    .as(by)
                    .isEqualTo(400 + sum(honest, Second::cancelled));
        }
    }

    @Test
    void countsEverySecondAndEveryReader() {
        List<Integer> numbers = honest.seconds().stream().map(Second::second).toList();
        assertThat(numbers.getLast() - numbers.getFirst()).isEqualTo(numbers.size() - 1);
        assertThat(sum(honest, Second::arrivals)).isEqualTo(1_500);
        assertThat(sum(honest, Second::readsAsked))
                .isEqualTo(sum(honest, Second::readsAbsorbed) + sum(honest, Second::readsOrigin));
        assertThat(sum(honest, Second::booked) - sum(honest, Second::cancelled)).isEqualTo(400);
        assertThat(honest.seconds().getLast().placesLeft()).isZero();
        assertThat(honest.latencies())
                .extracting(Latency::kind)
                .contains("list", "book", "cancel", "move");
        assertThat(honest.settings())
                .extracting(Outcome.Setting::name)
                .contains("--trust-proxy", "proof of work", "notices", "reads at the origin");
    }

    private static long sum(Outcome outcome, ToLongFunction<Second> what) {
        return outcome.seconds().stream().mapToLong(what).sum();
    }

    @Test
    void findsABookingThatTheServerDroppedAfterItWasTold() {
        assertThat(told).contains(Lie.DROPS_A_BOOKING);
        BrokenPromise broken = broken("told-201-and-there");
        assertThat(broken.people()).hasSize(1);
        assertThat(broken.requests().getFirst()).startsWith("is there as cancelled in slot ");
    }

    @Test
    void findsAPlaceThatTheServerSoldTwice() {
        assertThat(told).contains(Lie.SELLS_A_PLACE_TWICE);
        BrokenPromise broken = broken("no-place-sold-twice");
        assertThat(broken.people()).hasSize(1);
        assertThat(broken.requests().getFirst())
                .startsWith("was told the same appointment as person ");
    }

    @Test
    void findsAPlaceThatTheServerSaidToBeGoneWhileItWasFree() {
        assertThat(told).contains(Lie.SAYS_GONE);
        BrokenPromise broken = broken("gone-is-gone");
        assertThat(broken.people()).hasSize(1);
    }

    @Test
    void saysInTheVerdictWhichPromisesWereBroken() {
        assertThat(lying.verdict().isKept()).isFalse();
        assertThat(lying.verdict().sentence())
                .contains("told-201-and-there", "no-place-sold-twice", "gone-is-gone");
    }

    private static BrokenPromise broken(String promise) {
        return lying.broken().stream()
                .filter(one -> one.promise().equals(promise))
                .findFirst()
                .orElseThrow(() -> new AssertionError(promise + " was not found: " + lying));
    }

    @Test
    void touchesNoDatabaseThatHoldsARealCampaign() throws IOException {
        Path files = Files.createDirectories(temp.resolve("real"));
        for (String name : List.of("centres.csv", "slots.csv", "campaign.yaml")) {
            Files.writeString(
                    files.resolve(name),
                    Files.readString(temp.resolve("honest/campaign").resolve(name))
                            .replaceAll("rehearsal-[a-z0-9-]+-[0-9a-f]{4}", "real"));
        }
        assertThat(
                        giliran.command(
                                temp.resolve("real.txt"),
                                "import",
                                files.toString(),
                                "--data=" + giliran.data()))
                .isZero();
        giliran.await(
                "the campaign", () -> giliran.door().get("/api/v1/campaigns/real").status() == 200);

        assertThatThrownBy(() -> rehearse("refused", 1, address()))
                .isInstanceOf(RehearsalException.class)
                .hasMessageContaining("The database holds the campaign real");
    }
}
