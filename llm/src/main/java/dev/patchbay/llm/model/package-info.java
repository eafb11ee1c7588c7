/// Models by name: which provider is asked, how often, for how long, and who comes next.
@NullMarked
package dev.patchbay.llm.model;

import org.jspecify.annotations.NullMarked;
