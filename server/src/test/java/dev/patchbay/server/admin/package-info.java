@NullMarked
package dev.patchbay.server.admin;

import org.jspecify.annotations.NullMarked;
