/// Modules written in Python, each in processes of its own that speak frames over a Unix domain socket
/// (docs/python.md).
@NullMarked
package dev.patchbay.runtime.python;

import org.jspecify.annotations.NullMarked;
