package giliran.ledger;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import giliran.store.StoreException;
import org.junit.jupiter.api.Test;

final class TieKeysTest {
    private static final byte[] OURS = "keys one".getBytes(US_ASCII);
    private static final byte[] OTHERS = "keys two".getBytes(US_ASCII);

    @Test
    void refusesOtherKeysThanThoseOfTheFirstStart() {
        try (LedgerFixture fixture = new LedgerFixture()) {
            TieKeys tieKeys = new TieKeys(fixture.database());
            tieKeys.tie(OURS);
            tieKeys.tie(OURS);
            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(() -> tieKeys.tie(OTHERS))
                    .withMessageContaining("are not the ones this database was made with");
            assertThatCode(() -> tieKeys.tie(OURS)).doesNotThrowAnyException();
        }
    }
}
