package dev.patchbay.core.schema;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.io.NumberInput;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Takes long arrays of numbers out of a JSON body before it is parsed. Parsers that make a token of each number spend
/// four times as long on them, which for images and embeddings is most of what a call costs.
///
/// An array is taken out only if every byte of it is as JSON wants it; in the body that is left for the parser, blanks
/// stand for its content, so that places in error messages stay true. All else, faults included, is left to the parser.
/// It asks this factory for an array at each `[`, in their order, and so gets the numbers back.
final class NumberScan extends JsonNodeFactory {

    private static final long serialVersionUID = 1L;

    private static final int SHORTEST = 8;
    private static final int LONGEST_NUMBER = 100;
    /// Whole numbers up to this are exact as doubles.
    private static final long EXACT = 1L << 53;
    /// The powers of ten that are exact as doubles. A quotient or product of two exact numbers is rounded once, as
    /// reading the decimal is: W. D. Clinger, How to Read Floating Point Numbers Accurately, PLDI 1990.
    private static final double[] POWERS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };

    private final byte[] body;
    private final transient Map<Integer, NumberArray> found = new HashMap<>();
    private byte @Nullable [] left;
    private int asked;

    private int at;
    private double[] values = new double[64];
    private long[] whole = new long[1];
    private int count;

    private NumberScan(byte[] body) {
        this.body = body;
    }

    /// Looks through a body; null if it has no long arrays of numbers.
    static @Nullable NumberScan of(byte[] body) {
        if (body.length < 2 * SHORTEST) {
            return null;
        }
        NumberScan scan = new NumberScan(body);
        scan.scan();
        return scan.left == null ? null : scan;
    }

    /// Gives the body without the numbers that were taken out.
    byte[] left() {
        return left == null ? body : left;
    }

    @Override
    public ArrayNode arrayNode() {
        NumberArray numbers = found.get(asked++);
        return numbers == null ? super.arrayNode() : numbers;
    }

    @Override
    public ArrayNode arrayNode(int capacity) {
        return arrayNode();
    }

    private void scan() {
        int arrays = 0;
        boolean inText = false;
        for (int i = 0; i < body.length; i++) {
            byte c = body[i];
            if (inText) {
                if (c == '\\') {
                    i++;
                } else if (c == '"') {
                    inText = false;
                }
            } else if (c == '"') {
                inText = true;
            } else if (c == '[') {
                at = i + 1;
                if (numbers() && count >= SHORTEST) {
                    found.put(
                            arrays, new NumberArray(Arrays.copyOf(values, count), Arrays.copyOf(whole, whole.length)));
                    if (left == null) {
                        left = body.clone();
                    }
                    Arrays.fill(left, i + 1, at, (byte) ' ');
                    i = at;
                }
                arrays++;
            }
        }
    }

    /// Reads numbers up to the end of the array; false if there is anything else.
    private boolean numbers() {
        count = 0;
        Arrays.fill(whole, 0);
        while (true) {
            blanks();
            if (!number()) {
                return false;
            }
            blanks();
            if (at == body.length) {
                return false;
            }
            byte c = body[at];
            if (c == ']') {
                return true;
            }
            if (c != ',') {
                return false;
            }
            at++;
        }
    }

    private void blanks() {
        while (at < body.length && (body[at] == ' ' || body[at] == '\n' || body[at] == '\r' || body[at] == '\t')) {
            at++;
        }
    }

    private boolean number() {
        int from = at;
        boolean negative = peek() == '-';
        if (negative) {
            at++;
        }
        int first = at;
        long mantissa = digits(0);
        int written = at - first;
        if (written == 0 || written > 1 && body[first] == '0') {
            return false;
        }
        int exponent = 0;
        boolean isWhole = true;
        if (peek() == '.') {
            at++;
            int fraction = at;
            mantissa = digits(mantissa);
            if (at == fraction) {
                return false;
            }
            exponent = fraction - at;
            written += at - fraction;
            isWhole = false;
        }
        if (peek() == 'e' || peek() == 'E') {
            at++;
            boolean down = peek() == '-';
            if (down || peek() == '+') {
                at++;
            }
            int digits = at;
            long power = digits(0);
            if (at == digits || at - digits > 4) {
                return false;
            }
            exponent += (int) (down ? -power : power);
            isWhole = false;
        }
        if (at - from > LONGEST_NUMBER) {
            return false;
        }
        double value;
        if (written <= 18 && mantissa <= EXACT && exponent >= -22 && exponent <= 22) {
            value = exponent < 0 ? mantissa / POWERS[-exponent] : mantissa * POWERS[exponent];
            value = negative ? -value : value;
        } else if (isWhole) {
            return false; // may be too large for a double to hold exactly
        } else {
            value = exactly(from);
        }
        if (!Double.isFinite(value)) {
            return false;
        }
        add(value, isWhole);
        return true;
    }

    private int peek() {
        return at < body.length ? body[at] : -1;
    }

    private long digits(long before) {
        long number = before;
        while (at < body.length) {
            int digit = body[at] - '0';
            if (digit < 0 || digit > 9) {
                break;
            }
            number = number * 10 + digit;
            at++;
        }
        return number;
    }

    private double exactly(int from) {
        char[] text = new char[at - from];
        for (int i = 0; i < text.length; i++) {
            text[i] = (char) body[from + i];
        }
        return NumberInput.parseDouble(text, 0, text.length, true);
    }

    private void add(double value, boolean isWhole) {
        if (count == values.length) {
            values = Arrays.copyOf(values, count * 2);
            whole = Arrays.copyOf(whole, whole.length * 2);
        }
        values[count] = value;
        if (isWhole) {
            whole[count >> 6] |= 1L << count;
        }
        count++;
    }
}
