package dev.patchbay.llm.guard;

import java.math.BigInteger;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// Numbers that states give to persons, found by their form and their check digits, so that other numbers are left
/// alone. Numbers without check digits that look like any other (such as the Dutch one) are not found.
final class NationalId {

    /// One state's number.
    ///
    /// @param check takes the number without blanks, dots and dashes, in capitals
    record Form(Pattern pattern, Predicate<String> check) {

        boolean isOne(String written) {
            return check.test(written.replaceAll("[ .-]", ""));
        }
    }

    private static final String DNI = "TRWAGMYFPDXBNJZSQVHLCKE";
    private static final String HETU = "0123456789ABCDEFHJKLMNPRSTUVWXY";
    /// Values of 0 to 9 and A to Z at odd places of a codice fiscale.
    private static final int[] ODD = {
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10,
        22, 25, 24, 23
    };
    private static final int[][] VERHOEFF_MULTIPLY = {
        {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 2, 3, 4, 0, 6, 7, 8, 9, 5}, {2, 3, 4, 0, 1, 7, 8, 9, 5, 6},
        {3, 4, 0, 1, 2, 8, 9, 5, 6, 7}, {4, 0, 1, 2, 3, 9, 5, 6, 7, 8}, {5, 9, 8, 7, 6, 0, 4, 3, 2, 1},
        {6, 5, 9, 8, 7, 1, 0, 4, 3, 2}, {7, 6, 5, 9, 8, 2, 1, 0, 4, 3}, {8, 7, 6, 5, 9, 3, 2, 1, 0, 4},
        {9, 8, 7, 6, 5, 4, 3, 2, 1, 0}
    };
    private static final int[][] VERHOEFF_PERMUTE = {
        {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 5, 7, 6, 2, 8, 3, 0, 9, 4}, {5, 8, 0, 3, 7, 9, 6, 1, 4, 2},
        {8, 9, 1, 6, 0, 4, 3, 5, 2, 7}, {9, 4, 5, 3, 1, 2, 6, 8, 7, 0}, {4, 2, 8, 6, 5, 7, 3, 9, 0, 1},
        {2, 7, 9, 3, 8, 0, 6, 4, 1, 5}, {7, 0, 4, 6, 9, 1, 3, 2, 5, 8}
    };

    static final List<Form> FORMS = List.of(
            // Spain: DNI and NIE
            form("\\d{8}[ -]?[A-Z]|[XYZ][ -]?\\d{7}[ -]?[A-Z]", NationalId::dni),
            // France: NIR
            form("[12] ?\\d{2} ?(?:0[1-9]|1[0-2]|[2-9]\\d) ?(?:\\d{2}|2[AB]) ?\\d{3} ?\\d{3} ?\\d{2}", NationalId::nir),
            // Italy: codice fiscale
            form("[A-Z]{6}\\d{2}[A-EHLMPRST]\\d{2}[A-Z]\\d{3}[A-Z]", NationalId::codiceFiscale),
            // Germany: Steuer-Identifikationsnummer
            form("[1-9]\\d(?: ?\\d{3}){3}", NationalId::steuerId),
            // United Kingdom: National Insurance number, which has no check digit but a narrow form
            form(
                    "(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\\d{2} ?\\d{2} ?\\d{2} ?[A-D]",
                    number -> true),
            // Poland: PESEL
            form(
                    "\\d{2}(?:[02468][1-9]|[13579][0-2])(?:0[1-9]|[12]\\d|3[01])\\d{5}",
                    number -> weighted(number, 1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1) % 10 == 0),
            // Brazil: CPF
            form("\\d{3}\\.\\d{3}\\.\\d{3}-\\d{2}", NationalId::cpf),
            // Sweden: personnummer
            form("\\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])[-+]\\d{4}", number -> luhn(number.replace("+", ""))),
            // Switzerland: AHV number
            form(
                    "756\\.\\d{4}\\.\\d{4}\\.\\d{2}",
                    number -> weighted(number, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1) % 10 == 0),
            // Belgium: rijksregisternummer
            form("\\d{2}\\.\\d{2}\\.\\d{2}-\\d{3}\\.\\d{2}", NationalId::belgian),
            // Finland: henkilötunnus
            form("(?:0[1-9]|[12]\\d|3[01])(?:0[1-9]|1[0-2])\\d{2}[-+A]\\d{3}[0-9A-FHJ-NPR-Y]", NationalId::hetu),
            // India: Aadhaar
            form("[2-9]\\d{3} \\d{4} \\d{4}", NationalId::verhoeff));

    private NationalId() {}

    private static Form form(String pattern, Predicate<String> check) {
        return new Form(Pattern.compile("(?<![\\p{L}\\p{N}.+-])(?:" + pattern + ")(?![\\p{L}\\p{N}])"), check);
    }

    private static boolean dni(String number) {
        char first = number.charAt(0);
        String digits = Character.isDigit(first) ? number : "XYZ".indexOf(first) + number.substring(1);
        int last = digits.length() - 1;
        return digits.charAt(last) == DNI.charAt(Integer.parseInt(digits.substring(0, last)) % 23);
    }

    private static boolean nir(String number) {
        String digits = number.substring(0, 13).replace("2A", "19").replace("2B", "18");
        return 97 - new BigInteger(digits).mod(BigInteger.valueOf(97)).intValue()
                == Integer.parseInt(number.substring(13));
    }

    private static boolean codiceFiscale(String number) {
        int sum = 0;
        for (int i = 0; i < 15; i++) {
            int value = Character.digit(number.charAt(i), 36);
            sum += i % 2 == 0 ? ODD[value] : value < 10 ? value : value - 10;
        }
        return number.charAt(15) == 'A' + sum % 26;
    }

    /// Of the first ten digits one is there twice or three times, and all others once at most; the last one is by
    /// ISO/IEC 7064, MOD 11,10.
    private static boolean steuerId(String number) {
        int[] count = new int[10];
        int product = 10;
        for (int i = 0; i < 10; i++) {
            int digit = number.charAt(i) - '0';
            count[digit]++;
            int sum = (digit + product) % 10;
            product = (sum == 0 ? 10 : sum) * 2 % 11;
        }
        int repeated = 0;
        for (int each : count) {
            if (each > 3) {
                return false;
            }
            repeated += each > 1 ? 1 : 0;
        }
        return repeated == 1 && (11 - product) % 10 == number.charAt(10) - '0';
    }

    private static boolean cpf(String number) {
        for (int length = 9; length <= 10; length++) {
            int sum = 0;
            for (int i = 0; i < length; i++) {
                sum += (number.charAt(i) - '0') * (length + 1 - i);
            }
            if (sum * 10 % 11 % 10 != number.charAt(length) - '0') {
                return false;
            }
        }
        return number.chars().distinct().count() > 1;
    }

    /// Those born since 2000 have a 2 before their number when it is checked.
    private static boolean belgian(String number) {
        long digits = Long.parseLong(number.substring(0, 9));
        long check = Long.parseLong(number.substring(9));
        return 97 - digits % 97 == check || 97 - (2_000_000_000L + digits) % 97 == check;
    }

    private static boolean hetu(String number) {
        // of the signs of the century only the dash is gone already
        String plain = number.length() == 11 ? number.substring(0, 6) + number.substring(7) : number;
        return HETU.charAt(Integer.parseInt(plain.substring(0, 9)) % 31) == number.charAt(number.length() - 1);
    }

    private static boolean verhoeff(String number) {
        int check = 0;
        for (int i = 0; i < number.length(); i++) {
            int digit = number.charAt(number.length() - 1 - i) - '0';
            check = VERHOEFF_MULTIPLY[check][VERHOEFF_PERMUTE[i % 8][digit]];
        }
        return check == 0;
    }

    private static int weighted(String number, int... weights) {
        int sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += (number.charAt(i) - '0') * weights[i];
        }
        return sum;
    }

    /// Checks the [Luhn formula](https://www.iso.org/standard/70484.html) of ISO/IEC 7812-1.
    static boolean luhn(String number) {
        int sum = 0;
        for (int i = 0; i < number.length(); i++) {
            int digit = number.charAt(number.length() - 1 - i) - '0';
            sum += i % 2 == 0 ? digit : digit * 2 - (digit > 4 ? 9 : 0);
        }
        return sum % 10 == 0;
    }
}
