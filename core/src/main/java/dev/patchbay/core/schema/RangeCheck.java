package dev.patchbay.core.schema;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The bounds of a number. Numbers are compared as doubles, and exactly only where that could be wrong.
final class RangeCheck implements JsonSchema.Check {

    private final @Nullable BigDecimal minimum;
    private final @Nullable BigDecimal maximum;
    private final @Nullable BigDecimal above;
    private final @Nullable BigDecimal below;
    private final double surelyAbove;
    private final double surelyBelow;

    RangeCheck(
            @Nullable BigDecimal minimum,
            @Nullable BigDecimal maximum,
            @Nullable BigDecimal above,
            @Nullable BigDecimal below) {
        this.minimum = minimum;
        this.maximum = maximum;
        this.above = above;
        this.below = below;
        this.surelyAbove = Math.max(bound(minimum, Double.NEGATIVE_INFINITY), bound(above, Double.NEGATIVE_INFINITY));
        this.surelyBelow = Math.min(bound(maximum, Double.POSITIVE_INFINITY), bound(below, Double.POSITIVE_INFINITY));
    }

    private static double bound(@Nullable BigDecimal value, double otherwise) {
        return value == null ? otherwise : value.doubleValue();
    }

    @Override
    public void check(JsonNode value, Walk walk) {
        if (!value.isNumber()) {
            return;
        }
        // not doubleValue of the node, which throws for whole numbers beyond a double
        double number = value.numberValue().doubleValue();
        if (number > surelyAbove && number < surelyBelow) {
            return;
        }
        if (value.isDouble() && !Double.isFinite(number)) {
            return; // no number at all, which the check of the type tells
        }
        BigDecimal exact = value.decimalValue();
        if (minimum != null && exact.compareTo(minimum) < 0) {
            walk.error("must be at least " + minimum.toPlainString() + ", but is " + TypeCheck.describe(value));
        }
        if (maximum != null && exact.compareTo(maximum) > 0) {
            walk.error("must be at most " + maximum.toPlainString() + ", but is " + TypeCheck.describe(value));
        }
        if (above != null && exact.compareTo(above) <= 0) {
            walk.error("must be more than " + above.toPlainString() + ", but is " + TypeCheck.describe(value));
        }
        if (below != null && exact.compareTo(below) >= 0) {
            walk.error("must be less than " + below.toPlainString() + ", but is " + TypeCheck.describe(value));
        }
    }
}
