/// How fast a module answers under load, compared with what was recorded before.
@NullMarked
package dev.patchbay.testkit.load;

import org.jspecify.annotations.NullMarked;
