/// The gateway's config file: reading, checking, revisions and their history.
@NullMarked
package dev.patchbay.core.config;

import org.jspecify.annotations.NullMarked;
