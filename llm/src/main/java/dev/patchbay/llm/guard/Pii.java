package dev.patchbay.llm.guard;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds personal data by its form and, where there is one, by its checksum: e-mail addresses, telephone numbers,
/// IBANs ([ISO 13616](https://www.iso.org/standard/81090.html), mod 97), payment cards (Luhn), United States social
/// security numbers, the numbers of persons in twelve other states, and IPv4 addresses. Names have no form and are
/// found
/// by a list; postal addresses are not found. Immutable.
public final class Pii {

    /// Finds what has a form.
    public static final Pii FORMS = new Pii(Names.NONE);

    /// What was found.
    public enum Kind {
        EMAIL,
        IBAN,
        CARD,
        SSN,
        NATIONAL_ID,
        IP,
        PHONE,
        NAME
    }

    /// A place in a text.
    public record Found(Kind kind, int from, int to) {}

    private static final Pattern EMAIL = Pattern.compile(
            "(?<![\\p{L}\\p{N}._%+-])[\\p{L}\\p{N}._%+-]{1,64}@(?:[\\p{L}\\p{N}](?:[\\p{L}\\p{N}-]{0,62})\\.){1,8}\\p{L}{2,24}(?![\\p{L}\\p{N}-])");
    private static final Pattern IBAN =
            Pattern.compile("(?<![\\p{L}\\p{N}])[A-Z]{2}\\d{2}(?:[ -]?[A-Z0-9]){11,30}(?![\\p{L}\\p{N}])");
    private static final Pattern CARD = Pattern.compile("(?<![\\p{N}.,-])\\d(?:[ -]?\\d){12,18}(?![\\p{N}-])");
    /// How the numbers of the great issuers begin, and how long they are.
    private static final Pattern ISSUED = Pattern.compile(
            "4(?:\\d{12}|\\d{15}|\\d{18})|(?:5[1-5]|2[2-7])\\d{14}|3[47]\\d{13}|3(?:0[0-5]|[689]\\d)\\d{11}|(?:35|6[0245])\\d{14,17}");
    private static final Pattern SSN =
            Pattern.compile("(?<![\\p{N}-])(?!000|666|9)\\d{3}-(?!00)\\d{2}-(?!0000)\\d{4}(?![\\p{N}-])");
    private static final Pattern IP = Pattern.compile(
            "(?<![\\p{N}.])(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}(?![\\p{N}]|\\.\\p{N})");
    /// International with a plus or two zeros, or national with an area code in brackets or groups.
    private static final Pattern PHONE = Pattern.compile(
            "(?<![\\p{L}\\p{N}.+/-])(?:(?:\\+|(?<!\\p{N} )00)[1-9]\\d{0,2}[ ./-]?(?:\\(0?\\d{1,4}\\)[ ./-]?)?(?:\\d[ ./-]?){5,12}\\d"
                    + "|(?<!\\p{N} )\\(?0[1-9]\\d{0,3}\\)?[ ./-]\\d{2,8}(?:[ ./-]?\\d{2,8}){0,3}"
                    + "|\\(?[2-9]\\d{2}\\)?[ .-][2-9]\\d{2}[ .-]\\d{4})(?![\\p{N}])");

    private final Names names;

    /// Finds what has a form, and names of a list.
    public Pii(Names names) {
        this.names = names;
    }

    /// Finds personal data, in the order of its places. Places do not overlap; the longer one counts.
    public List<Found> in(String text) {
        List<Found> found = new ArrayList<>();
        if (text.indexOf('@') >= 0) {
            find(EMAIL, Kind.EMAIL, text, found);
        }
        if (text.chars().anyMatch(Character::isDigit)) {
            find(IBAN, Kind.IBAN, text, found);
            find(CARD, Kind.CARD, text, found);
            find(SSN, Kind.SSN, text, found);
            for (NationalId.Form form : NationalId.FORMS) {
                find(form, text, found);
            }
            find(IP, Kind.IP, text, found);
            find(PHONE, Kind.PHONE, text, found);
        }
        names.find(text, (from, to) -> found.add(new Found(Kind.NAME, from, to)));
        found.sort(Comparator.comparingInt(Found::from).thenComparing(place -> place.from() - place.to()));
        List<Found> apart = new ArrayList<>();
        int end = 0;
        for (Found place : found) {
            if (place.from() >= end) {
                apart.add(place);
                end = place.to();
            }
        }
        return apart;
    }

    /// Puts `[EMAIL]` and the like in the place of personal data.
    public String redacted(String text) {
        StringBuilder redacted = new StringBuilder();
        int from = 0;
        for (Found found : in(text)) {
            redacted.append(text, from, found.from())
                    .append('[')
                    .append(found.kind())
                    .append(']');
            from = found.to();
        }
        return redacted.append(text, from, text.length()).toString();
    }

    private static void find(Pattern pattern, Kind kind, String text, List<Found> found) {
        Matcher matcher = pattern.matcher(text);
        int from = 0;
        while (from < text.length() && matcher.find(from)) {
            int end = kind == Kind.IBAN ? iban(text, matcher.start(), matcher.end()) : matcher.end();
            if (kind == Kind.CARD ? card(matcher.group()) : end > 0) {
                found.add(new Found(kind, matcher.start(), end));
                from = end;
            } else {
                from = matcher.start() + 1;
            }
        }
    }

    private static void find(NationalId.Form form, String text, List<Found> found) {
        Matcher matcher = form.pattern().matcher(text);
        while (matcher.find()) {
            if (form.isOne(matcher.group())) {
                found.add(new Found(Kind.NATIONAL_ID, matcher.start(), matcher.end()));
            }
        }
    }

    /// Finds the longest IBAN that begins at a place; capitals or digits may follow it after a blank.
    ///
    /// @return its end; -1 if there is none
    private static int iban(String text, int from, int to) {
        for (int end = to; end - from >= 15; end--) {
            boolean bounded = end == text.length() || !Character.isLetterOrDigit(text.charAt(end));
            String compact = text.substring(from, end).replaceAll("[ -]", "");
            if (bounded && compact.length() >= 15 && compact.length() <= 34 && mod97(compact)) {
                return end;
            }
        }
        return -1;
    }

    private static boolean mod97(String iban) {
        StringBuilder digits = new StringBuilder();
        for (char c : (iban.substring(4) + iban.substring(0, 4)).toCharArray()) {
            digits.append(Character.digit(c, 36));
        }
        return new BigInteger(digits.toString()).mod(BigInteger.valueOf(97)).intValue() == 1;
    }

    /// Checks issuer, length and check digit.
    private static boolean card(String written) {
        String number = written.replaceAll("[ -]", "");
        return ISSUED.matcher(number).matches() && NationalId.luhn(number);
    }
}
