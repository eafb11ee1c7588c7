/// Runs a module in a real gateway and checks it: what runs it in a test is what runs it in service.
@NullMarked
package dev.patchbay.testkit;

import org.jspecify.annotations.NullMarked;
