package dev.patchbay.api;

/// The element types of tensors, by their names in the Open Inference Protocol.
public enum TensorType {
    BOOL,
    UINT8,
    UINT16,
    UINT32,
    UINT64,
    INT8,
    INT16,
    INT32,
    INT64,
    FP16,
    BF16,
    FP32,
    FP64,
    /// Strings or opaque bytes.
    BYTES
}
