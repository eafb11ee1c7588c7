package dev.patchbay.core.schema;

import java.util.AbstractList;
import java.util.RandomAccess;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// A JSON array of nothing but numbers, kept as what they are instead of as a node each. Whoever looks at it as a tree
/// sees the same nodes as in any other array, made as they are asked for; it cannot be changed.
public final class NumberArray extends ArrayNode {

    private static final long serialVersionUID = 1L;

    private final transient Numbers numbers;

    NumberArray(double[] values, long[] whole) {
        this(new Numbers(values, whole));
    }

    private NumberArray(Numbers numbers) {
        super(JsonNodeFactory.instance, numbers);
        this.numbers = numbers;
    }

    /// Gives a number.
    public double number(int index) {
        return numbers.values[index];
    }

    /// Tells whether a number is written without fraction and exponent.
    public boolean isWhole(int index) {
        return numbers.isWhole(index);
    }

    /// Gives all numbers as floats; those beyond what a float can hold become infinite.
    public void copyTo(float[] target, int at) {
        double[] values = numbers.values;
        for (int i = 0; i < values.length; i++) {
            target[at + i] = (float) values[i];
        }
    }

    @Override
    public ArrayNode deepCopy() {
        return this;
    }

    /// @param values whole numbers among them are no larger than doubles hold exactly
    /// @param whole a bit for each number that is written without fraction and exponent
    private static final class Numbers extends AbstractList<JsonNode> implements RandomAccess {

        private final double[] values;
        private final long[] whole;

        Numbers(double[] values, long[] whole) {
            this.values = values;
            this.whole = whole;
        }

        boolean isWhole(int index) {
            return (whole[index >> 6] & 1L << index) != 0;
        }

        @Override
        public JsonNode get(int index) {
            double value = values[index];
            if (!isWhole(index)) {
                return JsonNodeFactory.instance.numberNode(value);
            }
            long number = (long) value;
            return number == (int) number
                    ? JsonNodeFactory.instance.numberNode((int) number)
                    : JsonNodeFactory.instance.numberNode(number);
        }

        @Override
        public int size() {
            return values.length;
        }
    }
}
