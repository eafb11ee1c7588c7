/// The results for people at a console, for build servers and for people with a browser.
@NullMarked
package dev.patchbay.testkit.report;

import org.jspecify.annotations.NullMarked;
