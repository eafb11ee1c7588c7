package dev.patchbay.core.tensor;

import dev.patchbay.api.TensorType;

/// The values an integer tensor can hold; those of `UINT64` beyond a `long` cannot be sent as JSON here.
record IntegerRange(long least, long most) {

    static IntegerRange of(TensorType type) {
        return switch (type) {
            case UINT8 -> new IntegerRange(0, 0xff);
            case UINT16 -> new IntegerRange(0, 0xffff);
            case UINT32 -> new IntegerRange(0, 0xffffffffL);
            case UINT64 -> new IntegerRange(0, Long.MAX_VALUE);
            case INT8 -> new IntegerRange(Byte.MIN_VALUE, Byte.MAX_VALUE);
            case INT16 -> new IntegerRange(Short.MIN_VALUE, Short.MAX_VALUE);
            case INT32 -> new IntegerRange(Integer.MIN_VALUE, Integer.MAX_VALUE);
            case INT64 -> new IntegerRange(Long.MIN_VALUE, Long.MAX_VALUE);
            default -> throw new IllegalArgumentException(type + " holds no integers");
        };
    }
}
