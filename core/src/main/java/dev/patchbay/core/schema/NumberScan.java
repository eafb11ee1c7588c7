package dev.patchbay.core.schema;

import java.io.ByteArrayOutputStream;
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
/// An array is taken out only if every byte of it is as JSON wants it; in what is left for the parser it is empty. All
/// else, faults included, is left to the parser. It asks this factory for an array at each `[`, in their order, and so
/// gets the numbers back.
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
    private final transient ByteArrayOutputStream left = new ByteArrayOutputStream(256);
    private int asked;

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
        return scan.found.isEmpty() ? null : scan;
    }

    /// Gives the body without the numbers that were taken out.
    byte[] left() {
        return left.toByteArray();
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
        int kept = 0;
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
                int end = numbers(i + 1);
                if (end > 0 && count >= SHORTEST) {
                    found.put(arrays, new NumberArray(Arrays.copyOf(values, count), whole.clone()));
                    left.write(body, kept, i + 1 - kept);
                    kept = end;
                    i = end;
                }
                arrays++;
            }
        }
        left.write(body, kept, body.length - kept);
    }

    /// Reads numbers up to the end of the array.
    ///
    /// @return where it ends; -1 if there is anything else in it
    private int numbers(int from) {
        byte[] text = body;
        int end = text.length;
        count = 0;
        Arrays.fill(whole, 0);
        int i = from;
        while (true) {
            i = blanks(i);
            int start = i;
            boolean negative = i < end && text[i] == '-';
            int first = negative ? i + 1 : i;
            i = first;
            // most numbers are a few digits with a point among them
            long mantissa = 0;
            int digit;
            while (i < end && (digit = text[i] - '0') >= 0 && digit <= 9) {
                mantissa = mantissa * 10 + digit;
                i++;
            }
            int point = i;
            if (i < end && text[i] == '.') {
                i++;
                while (i < end && (digit = text[i] - '0') >= 0 && digit <= 9) {
                    mantissa = mantissa * 10 + digit;
                    i++;
                }
            }
            int fraction = i - point - 1;
            if (point == first || fraction == 0 || point - first > 1 && text[first] == '0') {
                return -1;
            }
            if (i - first > 18 || mantissa > EXACT || i < end && (text[i] | 0x20) == 'e') {
                i = otherNumber(start, fraction < 0);
                if (i < 0) {
                    return -1;
                }
            } else {
                double value = fraction < 0 ? mantissa : mantissa / POWERS[fraction];
                add(negative ? -value : value, fraction < 0);
            }
            i = blanks(i);
            if (i == end) {
                return -1;
            }
            if (text[i] == ']') {
                return i;
            }
            if (text[i] != ',') {
                return -1;
            }
            i++;
        }
    }

    private int blanks(int from) {
        int i = from;
        while (i < body.length && (body[i] == ' ' || body[i] == '\n' || body[i] == '\r' || body[i] == '\t')) {
            i++;
        }
        return i;
    }

    /// Reads a number with an exponent or many digits, of which the part before the exponent is known to be right.
    ///
    /// @return where it ends; -1 if it is none, or one that a double may not hold
    private int otherNumber(int from, boolean isWhole) {
        int i = from;
        while (i < body.length && isOfNumber(body[i])) {
            i++;
        }
        boolean exponent = false;
        for (int e = from; e < i; e++) {
            if ((body[e] | 0x20) == 'e') {
                int digits = e + 1 < i && (body[e + 1] == '-' || body[e + 1] == '+') ? e + 2 : e + 1;
                if (digits == i) {
                    return -1;
                }
                for (int d = digits; d < i; d++) {
                    if (body[d] < '0' || body[d] > '9') {
                        return -1;
                    }
                }
                exponent = true;
                break;
            }
        }
        if (isWhole && !exponent || i - from > LONGEST_NUMBER) {
            return -1;
        }
        char[] text = new char[i - from];
        for (int c = 0; c < text.length; c++) {
            text[c] = (char) body[from + c];
        }
        double value = NumberInput.parseDouble(text, 0, text.length, true);
        if (!Double.isFinite(value)) {
            return -1;
        }
        add(value, false);
        return i;
    }

    private static boolean isOfNumber(byte c) {
        return c >= '0' && c <= '9' || c == '-' || c == '+' || c == '.' || (c | 0x20) == 'e';
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
