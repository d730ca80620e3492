package giliran.people;

import static giliran.people.Typed.byAisyah;
import static giliran.people.Typed.withPassport;
import static org.assertj.core.api.Assertions.assertThat;

import giliran.people.DetailsProblem.Reason;
import java.time.LocalDate;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckDetailsTest {
    private static final List<String> FIELDS_THAT_ARE_NEEDED =
            List.of("name", "idType", "idNumber", "dateOfBirth", "region", "phone", "language");

    private static final List<String> TEXT_FIELDS =
            List.of(
                    "name",
                    "idType",
                    "idNumber",
                    "dateOfBirth",
                    "region",
                    "address",
                    "phone",
                    "email",
                    "language");

    private static void assertOnlyProblem(Typed typed, String field, Reason reason) {
        assertThat(typed.problems()).containsExactly(new DetailsProblem(field, reason));
    }

    // All fields

    @Test
    void givesTheDetailsInTheirNormalForm() {
        var details = byAisyah().contactBy("email", "sms").details();
        assertThat(details)
                .isEqualTo(
                        new PersonDetails(
                                "Aisyah binti Abdullah",
                                IdType.NRIC,
                                "900131145678",
                                LocalDate.of(1990, 1, 31),
                                "kuala-lumpur",
                                Optional.of("12, Jalan Ampang, 50450 Kuala Lumpur"),
                                "+60123456789",
                                Optional.of("aisyah@example.my"),
                                "ms",
                                EnumSet.of(ContactBy.SMS, ContactBy.EMAIL)));
        assertThat(details.contactBy()).containsExactly(ContactBy.SMS, ContactBy.EMAIL);
    }

    @Test
    void saysEverythingThatIsWrongAtOnceInTheOrderOfTheFields() {
        var typed =
                byAisyah()
                        .without("name")
                        .with("idNumber", "12345")
                        .with("dateOfBirth", "31.1.1990")
                        .with("phone", "12")
                        .with("email", "nobody")
                        .contactBy("pigeon");
        assertThat(typed.problems())
                .containsExactly(
                        new DetailsProblem("name", Reason.MISSING),
                        new DetailsProblem("idNumber", Reason.NOT_AN_ID_NUMBER),
                        new DetailsProblem("dateOfBirth", Reason.NOT_A_DATE),
                        new DetailsProblem("phone", Reason.NOT_A_PHONE),
                        new DetailsProblem("email", Reason.NOT_AN_EMAIL),
                        new DetailsProblem("contactBy", Reason.UNKNOWN_CHOICE));
    }

    @Test
    void refusesAnEmptyFormWithEachFieldThatIsNeeded() {
        var empty = new RawDetails(null, null, null, null, null, null, null, null, null, null);
        assertThat(new CheckDetails().check(empty, Typed.TODAY))
                .isEqualTo(
                        new CheckDetails.Result.Invalid(
                                FIELDS_THAT_ARE_NEEDED.stream()
                                        .map(f -> new DetailsProblem(f, Reason.MISSING))
                                        .toList()));
    }

    @Test
    void refusesABlankFieldThatIsNeeded() {
        for (String field : FIELDS_THAT_ARE_NEEDED) {
            assertOnlyProblem(byAisyah().with(field, " \u00A0\u3000 "), field, Reason.MISSING);
        }
    }

    @Test
    void refusesAFieldWithANulCharacter() {
        for (String field : TEXT_FIELDS) {
            assertOnlyProblem(byAisyah().with(field, "a\u0000b"), field, Reason.BAD_CHARACTERS);
        }
    }

    @Test
    void refusesAHugeFieldByItsLength() {
        String huge = "a".repeat(1 << 20);
        for (String field : TEXT_FIELDS) {
            assertOnlyProblem(byAisyah().with(field, huge), field, Reason.TOO_LONG);
        }
    }

    // Names and addresses

    @Test
    void refusesANameWithANulCharacter() {
        assertOnlyProblem(byAisyah().with("name", "Ali\u0000"), "name", Reason.BAD_CHARACTERS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "A\tB",
                "A\nB",
                "A\r\nB",
                "A\u001bB",
                "A\u007fB",
                "A\u0085B",
                "A\u2028B",
                "A\u2029B"
            })
    void refusesANameWithAControlOrALineBreak(String name) {
        assertOnlyProblem(byAisyah().with("name", name), "name", Reason.BAD_CHARACTERS);
    }

    @ParameterizedTest
    @ValueSource(chars = {'\uD800', '\uDBFF', '\uDC00', '\uDFFF'})
    void refusesANameWithALoneSurrogate(char surrogate) {
        assertOnlyProblem(
                byAisyah().with("name", "Ali " + surrogate), "name", Reason.BAD_CHARACTERS);
        assertOnlyProblem(
                byAisyah().with("name", surrogate + " Ali"), "name", Reason.BAD_CHARACTERS);
    }

    @Test
    void refusesANameWithABidiOverride() {
        for (char c = '\u202A'; c <= '\u202E'; c++) {
            assertOnlyProblem(
                    byAisyah().with("name", "Ali" + c + "iLA"), "name", Reason.BAD_CHARACTERS);
        }
        for (char c = '\u2066'; c <= '\u2069'; c++) {
            assertOnlyProblem(
                    byAisyah().with("name", "Ali" + c + "iLA"), "name", Reason.BAD_CHARACTERS);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u200B", "\uFEFF", "\u00AD", "\uE000", "\uFFFF", "\u0378"})
    void refusesANameWithAnInvisiblePrivateOrUnassignedCharacter(String character) {
        assertOnlyProblem(
                byAisyah().with("name", "Ali" + character + "Abu"), "name", Reason.BAD_CHARACTERS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"12345", "...", "\u200D", "\u0301"})
    void refusesANameWithoutALetter(String name) {
        assertOnlyProblem(byAisyah().with("name", name), "name", Reason.BAD_CHARACTERS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Siti",
                "O'Brien",
                "Raju A/L Muthu",
                "Lim Mei Ling @ Aminah",
                "\u0BB2\u0B9F\u0BCD\u0B9A\u0BC1\u0BAE\u0BBF",
                "\u0B95\u0BCD\u200C\u0BB7",
                "\u0DC1\u0DCA\u200D\u0DBB\u0DD3",
                "\u738B\u5C0F\u660E",
                "\u0633\u0644\u064A\u0645",
                "\uD842\uDFB7\u7530"
            })
    void takesANameInAnyScript(String name) {
        assertThat(byAisyah().with("name", name).details().name()).isEqualTo(name);
    }

    @Test
    void normalisesANameToNfcWithSingleSpaces() {
        assertThat(
                        byAisyah()
                                .with("name", "  Jose\u0301 \u00A0 \u2003 da   Silva ")
                                .details()
                                .name())
                .isEqualTo("Jos\u00E9 da Silva");
    }

    @Test
    void countsANameInCodePoints() {
        assertThat(byAisyah().with("name", "\uD842\uDFB7".repeat(120)).problems()).isEmpty();
        assertOnlyProblem(
                byAisyah().with("name", "\uD842\uDFB7".repeat(121)), "name", Reason.TOO_LONG);
    }

    @Test
    void takesANameOfTheLimitThatWasTypedDecomposed() {
        assertThat(byAisyah().with("name", "e\u0301".repeat(120)).details().name())
                .isEqualTo("\u00E9".repeat(120));
    }

    @Test
    void refusesANameThatNormalisationMakesTooLong() {
        assertOnlyProblem(byAisyah().with("name", "\uFB2C".repeat(120)), "name", Reason.TOO_LONG);
    }

    @Test
    void takesDetailsWithoutAddressAndEmail() {
        var details = byAisyah().with("address", "  ").without("email").details();
        assertThat(details.address()).isEmpty();
        assertThat(details.email()).isEmpty();
    }

    @Test
    void refusesAnAddressOfMoreThan300Characters() {
        assertThat(byAisyah().with("address", "x".repeat(300)).problems()).isEmpty();
        assertOnlyProblem(byAisyah().with("address", "x".repeat(301)), "address", Reason.TOO_LONG);
    }

    // Identity documents

    @ParameterizedTest
    @ValueSource(strings = {"mykad", "NRIC", "nric2", "'"})
    void refusesAnUnknownTypeOfDocument(String idType) {
        assertOnlyProblem(byAisyah().with("idType", idType), "idType", Reason.UNKNOWN_CHOICE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "900131145678",
                " 900131 14 5678 ",
                "900131\u201314\u20135678",
                "\uFF19\uFF10\uFF10\uFF11\uFF13\uFF11\uFF0D\uFF11\uFF14\uFF0D\uFF15\uFF16\uFF17\uFF18"
            })
    void takesAnNricHoweverItsDigitsAreSetApart(String idNumber) {
        assertThat(byAisyah().with("idNumber", idNumber).details().idNumber())
                .isEqualTo("900131145678");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "90013114567",
                "9001311456789",
                "90013114567A",
                "900131/14/5678",
                "\u0669\u0660\u0660\u0661\u0663\u0661\u0661\u0664\u0665\u0666\u0667\u0668",
                "-"
            })
    void refusesAnNricThatIsNotTwelveDigits(String idNumber) {
        assertOnlyProblem(
                byAisyah().with("idNumber", idNumber), "idNumber", Reason.NOT_AN_ID_NUMBER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1991-01-31", "1990-02-28", "1990-01-30"})
    void refusesADateThatDoesNotMatchTheNric(String date) {
        assertOnlyProblem(
                byAisyah().with("dateOfBirth", date), "dateOfBirth", Reason.DATE_DOES_NOT_MATCH_ID);
    }

    @ParameterizedTest
    @CsvSource({
        "000229-01-0001,2000-02-29",
        "010203-01-0001,1901-02-03",
        "010203-01-0001,2001-02-03"
    })
    void matchesTheNricWithADateOfAnyCentury(String idNumber, String date) {
        assertThat(byAisyah().with("idNumber", idNumber).with("dateOfBirth", date).problems())
                .isEmpty();
    }

    @Test
    void takesAPassportInUpperCaseWithoutSpacesAndHyphens() {
        assertThat(withPassport(" a 1234-5678 ").details().idNumber()).isEqualTo("A12345678");
        assertThat(withPassport("a-".repeat(20)).details().idNumber()).isEqualTo("A".repeat(20));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "A123",
                "A12345678901234567890",
                "A1234_5",
                "A1234\u00DF",
                "A1234\u0131",
                "A\u0661234"
            })
    void refusesAPassportThatIsNotFiveToTwentyLettersAndDigits(String idNumber) {
        assertOnlyProblem(withPassport(idNumber), "idNumber", Reason.NOT_AN_ID_NUMBER);
    }

    @Test
    void takesAHealthCardOfFourCharactersButNotOfThree() {
        assertThat(withPassport("a12-3").with("idType", "health-card").details().idNumber())
                .isEqualTo("A123");
        assertOnlyProblem(
                withPassport("A12").with("idType", "health-card"),
                "idNumber",
                Reason.NOT_AN_ID_NUMBER);
    }

    @Test
    void asksForNoMatchingDateWithAPassport() {
        assertThat(withPassport("900131145678").with("dateOfBirth", "1955-05-05").problems())
                .isEmpty();
    }

    // Dates of birth

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1990-1-31",
                "31-01-1990",
                "1990-13-01",
                "1990-02-30",
                "1900-02-29",
                "+1990-01-31",
                "-990-01-01",
                "19900131",
                "1990-01-31Z",
                "\uFF11990-01-31",
                "\u0661\u0669\u0669\u0660-\u0660\u0661-\u0663\u0661"
            })
    void refusesADateOfBirthThatIsNoIsoDate(String date) {
        assertOnlyProblem(
                withPassport("A12345").with("dateOfBirth", date), "dateOfBirth", Reason.NOT_A_DATE);
    }

    @Test
    void refusesADateOfBirthInTheFuture() {
        assertThat(withPassport("A12345").with("dateOfBirth", "2026-11-22").problems()).isEmpty();
        assertOnlyProblem(
                withPassport("A12345").with("dateOfBirth", "2026-11-23"),
                "dateOfBirth",
                Reason.IN_THE_FUTURE);
    }

    @Test
    void refusesADateOfBirthMoreThan130YearsAgo() {
        assertThat(withPassport("A12345").with("dateOfBirth", "1896-11-22").problems()).isEmpty();
        assertOnlyProblem(
                withPassport("A12345").with("dateOfBirth", "1896-11-21"),
                "dateOfBirth",
                Reason.TOO_LONG_AGO);
        assertOnlyProblem(
                withPassport("A12345").with("dateOfBirth", "0000-01-01"),
                "dateOfBirth",
                Reason.TOO_LONG_AGO);
    }

    // Regions

    @ParameterizedTest
    @ValueSource(strings = {"kuala lumpur", "../etc", "a/b", "<b>", "\uFF4Bl", "kl?"})
    void refusesARegionThatIsNoId(String region) {
        assertOnlyProblem(byAisyah().with("region", region), "region", Reason.BAD_CHARACTERS);
    }

    @Test
    void refusesARegionOfMoreThan64Characters() {
        assertThat(byAisyah().with("region", "r".repeat(64)).problems()).isEmpty();
        assertOnlyProblem(byAisyah().with("region", "r".repeat(65)), "region", Reason.TOO_LONG);
    }

    // Phones

    @ParameterizedTest
    @CsvSource({
        "0123456789,+60123456789",
        "+60 12-345 6789,+60123456789",
        "60123456789,+60123456789",
        "(03) 2161 1000,+60321611000",
        "+65 6123 4567,+6561234567",
        "00 44 20 7946 0018,+442079460018"
    })
    void givesAPhoneInE164(String typed, String phone) {
        assertThat(byAisyah().with("phone", typed).details().phone()).isEqualTo(phone);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "999",
                "012345",
                "+999 1234567",
                "0123456789 ext 5",
                "0123456789;ext=5",
                "1-800-FLOWERS",
                "tel:+60123456789",
                "\uFF10123456789",
                "\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669",
                "+",
                "()"
            })
    void refusesAPhoneThatIsNoNumber(String phone) {
        assertOnlyProblem(byAisyah().with("phone", phone), "phone", Reason.NOT_A_PHONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"+60 600 123 456", "+44 909 879 0000"})
    void refusesAPhoneAtWhichTheCallerPaysExtra(String phone) {
        assertOnlyProblem(byAisyah().with("phone", phone), "phone", Reason.NOT_A_PHONE);
    }

    // Emails

    @ParameterizedTest
    @CsvSource({
        "a@b.my,a@b.my",
        "Aisyah.B+jab@Example.COM.MY,Aisyah.B+jab@example.com.my",
        "o'brien@xn--80ak6aa92e.com,o'brien@xn--80ak6aa92e.com"
    })
    void givesAnEmailWithItsDomainInLowerCase(String typed, String email) {
        assertThat(byAisyah().with("email", typed).details().email()).contains(email);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "aisyah",
                "@example.my",
                "aisyah@",
                "a@b@c.my",
                "aisyah@localhost",
                "ai syah@example.my",
                "aisyah@example..my",
                "aisyah@.my",
                "aisyah@-example.my",
                "aisyah@example.my.",
                "aisyah@1.2.3.4",
                ".a@example.my",
                "a.@example.my",
                "a..b@example.my",
                "\"a b\"@example.my",
                "a,b@example.my",
                "<a@example.my>",
                "a@ex_ample.my",
                "\u00E4@example.my",
                "a@ex\u00E4mple.my"
            })
    void refusesAnEmailThatIsNoAddress(String email) {
        assertOnlyProblem(byAisyah().with("email", email), "email", Reason.NOT_AN_EMAIL);
    }

    @Test
    void refusesAnEmailWithALineBreak() {
        assertOnlyProblem(
                byAisyah().with("email", "a@b.my\r\nBcc: c@d.my"), "email", Reason.BAD_CHARACTERS);
    }

    @Test
    void refusesAnEmailOfMoreThan254Characters() {
        String domain = "@" + "d".repeat(60) + "." + "d".repeat(60) + "." + "d".repeat(60) + ".my";
        assertThat(byAisyah().with("email", "a".repeat(64) + domain).problems()).isEmpty();
        assertOnlyProblem(
                byAisyah().with("email", "a".repeat(65) + domain), "email", Reason.NOT_AN_EMAIL);
        assertOnlyProblem(
                byAisyah().with("email", "a@" + "d.".repeat(126) + "my"), "email", Reason.TOO_LONG);
    }

    // Languages

    @ParameterizedTest
    @CsvSource({"ms,ms", "EN-gb,en-GB", "ZH-hans-my,zh-Hans-MY", "ta,ta", "iw,he"})
    void givesALanguageAsACanonicalTag(String typed, String language) {
        assertThat(byAisyah().with("language", typed).details().language()).isEqualTo(language);
    }

    @ParameterizedTest
    @ValueSource(strings = {"en_GB", "e", "-", "en--GB", "und", "x-private", "Bahasa Melayu", "*"})
    void refusesALanguageThatIsNoTag(String language) {
        assertOnlyProblem(byAisyah().with("language", language), "language", Reason.NOT_A_LANGUAGE);
    }

    @Test
    void refusesALanguageTagOfMoreThan35Characters() {
        assertOnlyProblem(
                byAisyah().with("language", "en-x-" + "abcdefg-".repeat(3) + "abcdefg"),
                "language",
                Reason.TOO_LONG);
    }

    // Ways of contact

    @Test
    void contactsBySmsUnlessToldOtherwise() {
        assertThat(byAisyah().details().contactBy()).containsExactly(ContactBy.SMS);
        assertThat(byAisyah().contactBy().details().contactBy()).containsExactly(ContactBy.SMS);
    }

    @Test
    void collapsesWaysOfContactThatRepeat() {
        assertThat(byAisyah().contactBy("voice", "email", "voice").details().contactBy())
                .containsExactly(ContactBy.EMAIL, ContactBy.VOICE);
    }

    @Test
    void refusesAnUnknownWayOfContact() {
        assertOnlyProblem(byAisyah().contactBy("sms", "fax"), "contactBy", Reason.UNKNOWN_CHOICE);
        assertOnlyProblem(byAisyah().contactBy("SMS"), "contactBy", Reason.UNKNOWN_CHOICE);
        assertOnlyProblem(byAisyah().contactBy("sms", null), "contactBy", Reason.UNKNOWN_CHOICE);
    }

    @Test
    void refusesMoreThanTenWaysOfContact() {
        String[] choices = Collections.nCopies(11, "sms").toArray(String[]::new);
        assertOnlyProblem(byAisyah().contactBy(choices), "contactBy", Reason.TOO_LONG);
    }

    @Test
    void refusesContactByEmailWithoutAnEmail() {
        assertOnlyProblem(
                byAisyah().without("email").contactBy("email"), "email", Reason.EMAIL_NEEDED);
        assertOnlyProblem(
                byAisyah().with("email", "nobody").contactBy("email"),
                "email",
                Reason.NOT_AN_EMAIL);
    }

    // What is shown

    @Test
    void showsNothingOfThePersonInAnyString() {
        var typed = byAisyah();
        assertThat(typed.raw()).hasToString("RawDetails[hidden]");
        assertThat(typed.details()).hasToString("PersonDetails[hidden]");
        assertThat(typed.check()).hasToString("Valid[details=PersonDetails[hidden]]");
    }
}
