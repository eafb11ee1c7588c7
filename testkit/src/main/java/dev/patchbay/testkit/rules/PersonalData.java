package dev.patchbay.testkit.rules;

import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Kinds of personal data that can be told from other text by their form, those with check digits by these as well.
enum PersonalData {
    EMAIL("[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)*\\.[A-Za-z]{2,}") {
        @Override
        boolean isOne(String text) {
            return true;
        }
    },
    CREDIT_CARD("(?<![0-9])[0-9](?:[ -]?[0-9]){12,18}(?![0-9])") {
        /// ISO/IEC 7812-1, annex B (Luhn).
        @Override
        boolean isOne(String text) {
            String digits = text.replaceAll("[ -]", "");
            int sum = 0;
            for (int i = 0; i < digits.length(); i++) {
                int digit = digits.charAt(digits.length() - 1 - i) - '0';
                int twice = 2 * digit;
                sum += i % 2 == 0 ? digit : twice > 9 ? twice - 9 : twice;
            }
            return sum % 10 == 0;
        }
    },
    IBAN("(?<![A-Z0-9])[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]){11,30}(?![A-Z0-9])") {
        /// ISO 13616: letters count from 10, and the rest of a division by 97 is 1.
        @Override
        boolean isOne(String text) {
            String compact = text.replace(" ", "");
            StringBuilder digits = new StringBuilder();
            (compact.substring(4) + compact.substring(0, 4))
                    .chars()
                    .forEach(c -> digits.append(Character.getNumericValue(c)));
            return new BigInteger(digits.toString()).mod(BigInteger.valueOf(97)).intValue() == 1;
        }
    };

    private final Pattern pattern;

    PersonalData(String pattern) {
        this.pattern = Pattern.compile(pattern);
    }

    abstract boolean isOne(String text);

    /// Gives the name in files.
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Finds the first one in a text.
    Optional<String> find(String text) {
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            if (isOne(matcher.group())) {
                return Optional.of(matcher.group());
            }
        }
        return Optional.empty();
    }
}
