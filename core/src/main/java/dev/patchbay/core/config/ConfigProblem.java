package dev.patchbay.core.config;

/// One thing that is wrong with a config file.
///
/// @param path the key, joined by dots; empty for the file as a whole
/// @param line counted from 1; 0 if the content is not from a file
/// @param column counted from 1
public record ConfigProblem(String path, int line, int column, String message) {

    @Override
    public String toString() {
        String where = line == 0 ? "" : "line " + line + ", column " + column + ": ";
        return where + (path.isEmpty() ? "" : path + ": ") + message;
    }
}
