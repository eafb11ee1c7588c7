package dev.patchbay.api;

/// What is wrong with one field of a request or an answer.
///
/// @param path a JSON Pointer (RFC 6901) to the field, empty for the whole document
/// @param message a sentence about what is wrong and what would be right
public record FieldError(String path, String message) {}
