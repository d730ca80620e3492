package giliran.people;

import java.time.LocalDate;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * A person's details after {@link CheckDetails}: complete, normalised and within its limits.
 *
 * @param name NFC, single spaces, 1 to 120 code points
 * @param idNumber as {@link IdType#numberFrom} gives it: upper case, no spaces or hyphens
 * @param dateOfBirth in the ISO calendar; an NRIC begins with it
 * @param region a region's id; whether the campaign has it is checked elsewhere
 * @param address NFC, single spaces, at most 300 code points
 * @param phone E.164, such as {@code +60123456789}
 * @param email an ASCII address with its domain in lower case
 * @param language a canonical BCP 47 tag, such as {@code ms} or {@code zh-Hans-MY}
 * @param contactBy at least one way, in the order of the enum; EMAIL only together with an email
 */
public record PersonDetails(
        String name,
        IdType idType,
        String idNumber,
        LocalDate dateOfBirth,
        String region,
        Optional<String> address,
        String phone,
        Optional<String> email,
        String language,
        Set<ContactBy> contactBy) {

    public PersonDetails {
        require(!name.isBlank(), "A person's details need a name.");
        require(idType.isNormal(idNumber), "The identity number is not in its normal form.");
        require(!region.isBlank(), "A person's details need a region.");
        require(phone.startsWith("+"), "The phone number is not in E.164.");
        require(!language.isBlank(), "A person's details need a language.");
        require(
                address.filter(String::isBlank).isEmpty()
                        && email.filter(String::isBlank).isEmpty(),
                "What was left out is empty, not blank.");
        require(!contactBy.isEmpty(), "A person's details need a way of contact.");
        require(
                email.isPresent() || !contactBy.contains(ContactBy.EMAIL),
                "Contact by email needs an email address.");
        contactBy = Collections.unmodifiableSet(EnumSet.copyOf(contactBy));
    }

    /**
     * The same bytes for equal details, and only for those: what is sealed, and what a request's
     * content is compared by (through {@link Keys#fingerprint}). They are personal data in clear.
     */
    public byte[] canonicalBytes() {
        return DetailsBytes.encode(this);
    }

    /** Shows nothing of the person. */
    @Override
    public String toString() {
        return "PersonDetails[hidden]";
    }

    private static void require(boolean holds, String sentence) {
        if (!holds) {
            throw new IllegalArgumentException(sentence);
        }
    }
}
